package io.rolehost.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

  @Test
  void freeze_flippedInAFile_isSeenByEachWatcher() throws Exception {
    Config place = ConfigFactory.parseMap(Map.of("file", work.resolve("freeze.conf").toString()));

    Samples seen = FreezeBenchmark.flips(place, 2, 6, 4);

    assertEquals(24, seen.count());
    assertTrue(seen.quantile(0) > 0, () -> "" + seen.quantile(0));
    assertEquals(1, FreezeBenchmark.firstCheck(work, 1).count());
  }
}
