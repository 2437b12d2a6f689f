// SPDX-License-Identifier: MIT
// Proofs for tests of the Writer itself, and for what a test does in the place of a service.
#pragma once

#include "mailstate/fs/proof.hpp"

namespace mailstate {

struct ProofForTests {
    static Proof any() { return Proof(Grounds::asked); }
    static Proof of(const Attributes& seen) { return Proof(Grounds::equal, seen); }
    static Proof of_empty_directory() { return Proof(Grounds::nothing); }
};

inline Proof any_proof()
{
    return ProofForTests::any();
}

inline Proof proof_of(const Attributes& seen)
{
    return ProofForTests::of(seen);
}

}  // namespace mailstate
