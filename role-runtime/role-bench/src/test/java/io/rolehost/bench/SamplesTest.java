package io.rolehost.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SamplesTest {

  @Test
  void quantiles_ofOneToHundred_areTheirRank() {
    var samples = new Samples();
    IntStream.rangeClosed(1, 100).map(i -> 101 - i).forEach(samples::add);

    assertEquals(50, samples.median());
    assertEquals(99, samples.quantile(0.99));
    assertEquals(1, samples.quantile(0));
    assertEquals(100, samples.quantile(1));
  }
}
