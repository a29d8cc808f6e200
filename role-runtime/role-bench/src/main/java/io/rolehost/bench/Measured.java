package io.rolehost.bench;

/**
 * A program with what was measured of it.
 *
 * @param <F> the figures
 */
record Measured<F>(Program program, F figures) {

  String name() {
    return program.name();
  }
}
