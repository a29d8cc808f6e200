package io.rolehost.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests a second for the ready path over kept connections: by wrk, or by threads of our own. */
final class ThroughputBenchmark {

  private static final int CONNECTIONS = 16;
  private static final Pattern REQUESTS = Pattern.compile("Requests/sec:\\s*([0-9.]+)");
  private static final Pattern REFUSED = Pattern.compile("Non-2xx or 3xx responses: ([0-9]+)");

  private ThroughputBenchmark() {}

  static List<Measured<Samples>> run(List<Program> programs, int rounds, int seconds, Path work)
      throws IOException, InterruptedException {
    List<Measured<Samples>> measured = new ArrayList<>();
    List<Running> all = new ArrayList<>();
    try {
      for (Program program : programs) {
        measured.add(new Measured<>(program, new Samples()));
        Running running = Running.start(program, work.resolve("throughput.log"));
        all.add(running);
        running.awaitReady();
        rate(running, program, seconds); // lets the compiler finish
      }
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < programs.size(); i++) {
          Quiet.await();
          measured.get(i).figures().add(rate(all.get(i), programs.get(i), seconds));
        }
        System.out.print(".");
        System.out.flush();
      }
      System.out.println();
    } finally {
      all.forEach(Running::close);
    }
    return measured;
  }

  private static double rate(Running running, Program program, int seconds)
      throws IOException, InterruptedException {
    String url = "http://127.0.0.1:" + running.port() + program.readyPath();
    Process wrk;
    try {
      wrk =
          new ProcessBuilder("wrk", "-t1", "-c" + CONNECTIONS, "-d" + seconds + "s", url)
              .redirectErrorStream(true)
              .start();
    } catch (IOException notInstalled) {
      return ownLoad(running, program, seconds);
    }
    String output = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher requests = REQUESTS.matcher(output);
    if (wrk.waitFor() != 0 || !requests.find() || REFUSED.matcher(output).find()) {
      throw new IOException("wrk " + url + " said: " + output);
    }
    return Double.parseDouble(requests.group(1));
  }

  private static double ownLoad(Running running, Program program, int seconds)
      throws InterruptedException {
    var done = new AtomicLong();
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try (var probe = new RawHttp(running.port(), program.readyPath())) {
                  while (System.nanoTime() < end && probe.status() == 200) {
                    done.incrementAndGet();
                  }
                } catch (IOException e) {
                  System.err.println(program.name() + ": " + e);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return (double) done.get() / seconds;
  }
}
