// What a layer must compute: the text of bimaco.h in plain loops, integers and doubles.
#pragma once

#include <cstdint>
#include <vector>

#include "bimaco.h"

struct Expected {
  std::vector<std::int32_t> dots;
  std::vector<double> y;
  std::vector<double> size;  // of the terms that each y is the sum of
};

// Whether the library must take the call, by bimaco.h alone.
bool is_valid(const bimaco_layer& call);

// Sides of y and dots.
std::int64_t out_height(const bimaco_layer& call);
std::int64_t out_width(const bimaco_layer& call);

// Where an element of [batch, channels, height, width] lies in memory.
std::int64_t place(const bimaco_layer& call, std::int64_t n, std::int64_t c, std::int64_t channels,
                   std::int64_t row, std::int64_t column, std::int64_t height, std::int64_t width);

Expected expected_layer(const bimaco_layer& call);
