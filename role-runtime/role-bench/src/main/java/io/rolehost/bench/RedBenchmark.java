package io.rolehost.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * From just before TERM is sent to the first answer that is not 200, asked without pause on one
 * kept connection. One process gives one value, so the tail needs many.
 */
final class RedBenchmark {

  private static final int WARM_UP = 500;

  private RedBenchmark() {}

  static List<Measured<Samples>> run(List<Program> programs, int rounds, Path work)
      throws IOException {
    List<Measured<Samples>> all = new ArrayList<>();
    for (Program program : programs) {
      all.add(new Measured<>(program, new Samples()));
    }
    for (int round = 0; round < rounds; round++) {
      for (Measured<Samples> next : all) {
        next.figures().add(once(next.program(), work));
      }
      if (round % 10 == 9) {
        System.out.print(".");
        System.out.flush();
      }
    }
    System.out.println();
    return all;
  }

  private static double once(Program program, Path work) throws IOException {
    Quiet.await();
    try (Running running = Running.start(program, work.resolve("red.log"))) {
      running.awaitReady();
      try (var probe = new RawHttp(running.port(), program.readyPath())) {
        for (int i = 0; i < WARM_UP; i++) {
          probe.status();
        }
        long sent = System.nanoTime();
        running.terminate();
        while (probe.status() == 200) {
          if (System.nanoTime() - sent > 10_000_000_000L) {
            throw new IOException(program.name() + " still is ready 10 s after TERM");
          }
        }
        return (System.nanoTime() - sent) / 1e3;
      }
    }
  }
}
