package io.rolehost.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * From just before the spawn to the first 200: wall time, CPU time and resident memory at that
 * moment. Every round starts each program once, in an order of its own, so that a slow minute of
 * the machine slows all of them.
 */
final class StartBenchmark {

  /** What one program needed, over all rounds. */
  record Figures(Samples wallMillis, Samples cpuMillis, Samples residentMib) {
    Figures() {
      this(new Samples(), new Samples(), new Samples());
    }
  }

  private StartBenchmark() {}

  static List<Measured<Figures>> run(List<Program> programs, int rounds, Path work)
      throws IOException, InterruptedException {
    List<Measured<Figures>> all = new ArrayList<>();
    for (Program program : programs) {
      all.add(new Measured<>(program, new Figures()));
      once(program, work, new Figures()); // fills the page cache
    }
    var order = new ArrayList<>(all);
    var random = new Random(25);
    for (int round = 0; round < rounds; round++) {
      Collections.shuffle(order, random);
      for (Measured<Figures> next : order) {
        once(next.program(), work, next.figures());
      }
      System.out.print(".");
      System.out.flush();
    }
    System.out.println();
    return all;
  }

  private static void once(Program program, Path work, Figures figures)
      throws IOException, InterruptedException {
    Quiet.await();
    try (Running running = Running.start(program, work.resolve("start.log"))) {
      figures.wallMillis().add(running.awaitReady() / 1e6);
      figures.cpuMillis().add((double) running.cpuMillis());
      figures.residentMib().add(running.residentKib() / 1024.0);
    }
  }
}
