# SPDX-License-Identifier: MIT
# Directories of the package are for everybody to enter, whatever the umask is of who makes it.
file(
    CHMOD_RECURSE
    ${CPACK_TEMPORARY_INSTALL_DIRECTORY}
    DIRECTORY_PERMISSIONS
    OWNER_READ
    OWNER_WRITE
    OWNER_EXECUTE
    GROUP_READ
    GROUP_EXECUTE
    WORLD_READ
    WORLD_EXECUTE)
