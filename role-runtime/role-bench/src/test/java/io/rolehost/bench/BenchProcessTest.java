package io.rolehost.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the harness measures; what it measures is for a quiet machine and for bin/bench. */
final class BenchProcessTest {

  @TempDir private Path work;

  @Test
  void start_ofTheBarePeers_givesOneFigureARound() throws Exception {
    var programs = new Programs(work, work);

    var all = StartBenchmark.run(List.of(programs.jdkHello(), programs.nettyHello()), 1, work);

    assertEquals(2, all.size());
    for (var next : all) {
      assertEquals(1, next.figures().wallMillis().count(), next.name());
      assertTrue(next.figures().wallMillis().median() > 1, next.name());
      assertTrue(next.figures().cpuMillis().median() >= 10, next.name());
      assertTrue(next.figures().residentMib().median() > 10, next.name());
    }
  }

  @Test
  void red_ofBareNetty_isSeen() throws Exception {
    var all = RedBenchmark.run(List.of(new Programs(work, work).nettyHello()), 1, work);

    assertTrue(all.getFirst().figures().median() > 0);
  }
}
