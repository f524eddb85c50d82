// Runs a case and holds it against the oracle.
#pragma once

#include "cases.hpp"

// Empty where the library computes what it must; else what is wrong.
const char* check_case(Case& made);

// The layer in a line, on stderr.
void describe(const bimaco_layer& call);
