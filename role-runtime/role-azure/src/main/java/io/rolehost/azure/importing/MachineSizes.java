package io.rolehost.azure.importing;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the sizes of virtual machines had. Pure. */
final class MachineSizes {

  /** Processors, and memory in GiB. */
  record Size(double cpus, double memory) {}

  private static final String TABLE =
      """
      extrasmall 0.5 0.75; small 1 1.75; medium 2 3.5; large 4 7; extralarge 8 14
      a0 0.5 0.75; a1 1 1.75; a2 2 3.5; a3 4 7; a4 8 14; a5 2 14; a6 4 28; a7 8 56
      a8 8 56; a9 16 112; a10 8 56; a11 16 112
      a1_v2 1 2; a2_v2 2 4; a4_v2 4 8; a8_v2 8 16; a2m_v2 2 16; a4m_v2 4 32; a8m_v2 8 64
      d1 1 3.5; d2 2 7; d3 4 14; d4 8 28; d11 2 14; d12 4 28; d13 8 56; d14 16 112
      d1_v2 1 3.5; d2_v2 2 7; d3_v2 4 14; d4_v2 8 28; d5_v2 16 56
      d11_v2 2 14; d12_v2 4 28; d13_v2 8 56; d14_v2 16 112; d15_v2 20 140
      d2_v3 2 8; d4_v3 4 16; d8_v3 8 32; d16_v3 16 64; d32_v3 32 128; d48_v3 48 192; d64_v3 64 256
      e2_v3 2 16; e4_v3 4 32; e8_v3 8 64; e16_v3 16 128; e32_v3 32 256; e64_v3 64 432
      g1 2 28; g2 4 56; g3 8 112; g4 16 224; g5 32 448
      h8 8 56; h16 16 112; h8m 8 112; h16m 16 224
      """;

  private static final Map<String, Size> SIZES = read();

  private MachineSizes() {}

  private static Map<String, Size> read() {
    Map<String, Size> sizes = new HashMap<>();
    for (String entry : TABLE.split("[;\n]", -1)) {
      String[] words = entry.strip().split(" ", -1);
      if (words.length == 3) {
        sizes.put(words[0], new Size(Double.parseDouble(words[1]), Double.parseDouble(words[2])));
      }
    }
    return Map.copyOf(sizes);
  }

  static Optional<Size> of(String name) {
    String key = name.toLowerCase(Locale.ROOT);
    if (key.startsWith("standard_") || key.startsWith("basic_")) {
      key = key.substring(key.indexOf('_') + 1);
    }
    return Optional.ofNullable(SIZES.get(key));
  }
}
