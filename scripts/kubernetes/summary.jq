# SPDX-License-Identifier: MIT
# What a fleet's rehearsals came to: a line a server, those that need somebody first. It reads what the job of
# gather.yaml printed, and the job of fleet.yaml, which tells the servers, and since when a report counts. Ends with 3
# unless every upgrade would do all that is planned.
def undone: [.entries[]? | select(.undone)];
def reasons: undone[] | "\(.name) (\(.rehearsed.reason // .reason))";
def errors: (undone | map(.name)) as $said
  | .findings[] | select(.severity == "error" and (.subject | IN($said[]) | not)) | "\(.code) \(.subject): \(.message)";
# A directory that was not there has been made.
def was_empty: [.entries[]?.decision] - ["disabled", "move", "create"] == [];
def first_start: "first start \(.rehearsal.seconds.first_start // 0 | . * 100 | round / 100) s";
def warnings: .findings[] | select(.severity == "warning" or .code == "dms.id-drift") | .message;

def verdict:
  if . == null then {rank: 0, text: "no report of this run"}
  elif .exit_code == 3 and undone != [] then {rank: 1, text: "would leave undone: \([reasons, errors] | join("; "))"}
  elif .exit_code != 0 then {rank: 1, text: "ended with \(.exit_code): \([errors] | join("; "))"}
  elif was_empty then {rank: 2, text: "its volume was empty: check its name"}
  else {rank: 3, text: "as planned: \([first_start, warnings] | join("; "))"}
  end;

(map(select(.kind == "Job" and .spec.completionMode == "Indexed")) | first) as $job
| (map(select(.report)) | map({key: .server, value: .report}) | from_entries) as $reports
| (if $job then
     [$job.spec.template.spec.containers[0].env[]? | select(.name == "SERVER").value] as $names
     | [range($job.spec.completions) as $index
        | $names[0] | split("$(JOB_COMPLETION_INDEX)") | join("\($index)")]
   else $reports | keys end) as $servers
| [$servers[]
   | . as $server
   | $reports[.] | if $job and . and .time < $job.status.startTime then null else . end
   | verdict | .server = $server]
| sort_by(.rank)
| (.[] | "\(.server): \(.text)"),
  (map(select(.rank == 3)) | "\(length) of \($servers | length) would go as planned"),
  (if all(.rank == 3) and length > 0 then empty else "" | halt_error(3) end)
