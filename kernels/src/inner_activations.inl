// What a prologue may do to a number. A part of kernels.inl.

// 2^v for v in -126..127, within 3e-7 of it; outside, the nearest of these.
inline Floats power_of(Floats v) {
  v = minimum(maximum(v, set(-126.0f)), set(127.0f));
  const Floats whole = round_to_even(v);
  const Floats r = subtract(v, whole);
  // The Chebyshev polynomial of 2^r on -0.5..0.5, which is off by 3e-9.
  Floats p = set(1.5469732e-4f);
  p = add_product(p, r, set(1.34004322e-3f));
  p = add_product(p, r, set(9.6180256e-3f));
  p = add_product(p, r, set(5.55032721e-2f));
  p = add_product(p, r, set(2.40226512e-1f));
  p = add_product(p, r, set(6.93147207e-1f));
  p = add_product(p, r, set(1.0f));
  return times_power_of_two(p, whole);
}

constexpr float kLog2e = 1.44269504f;

inline Floats silu(Floats v) {
  return divide(v, add(set(1.0f), power_of(multiply(v, set(-kLog2e)))));
}

// The error function after Abramowitz and Stegun, 7.1.26: within 2e-7.
inline Floats gelu(Floats v) {
  const Floats z = absolute(multiply(v, set(0.70710678f)));
  const Floats t = divide(set(1.0f), add_product(z, set(0.3275911f), set(1.0f)));
  Floats p = set(1.061405429f);
  p = add_product(p, t, set(-1.453152027f));
  p = add_product(p, t, set(1.421413741f));
  p = add_product(p, t, set(-0.284496736f));
  p = add_product(p, t, set(0.254829592f));
  const Floats tail = multiply(multiply(p, t), power_of(multiply(multiply(z, z), set(-kLog2e))));
  const Floats half = multiply(v, set(0.5f));
  return add_product(half, with_sign_of(subtract(set(1.0f), tail), v), half);
}
