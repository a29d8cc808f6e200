package io.rolehost.bench.peer;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Sends jobs and waits until all of them were handled, each time a line on the standard input asks
 * for it: {@code run N JOBS} is answered with {@code took NANOS CPU-NANOS}, from before the first
 * is sent to when the last was handled; N senders, each of which waits until its job is stored.
 */
final class Round {

  private static final long GIVE_UP_SECONDS = 60;

  /** Stores one job for {@code slots} slots; returns when it is on disk. */
  @FunctionalInterface
  interface Sending {
    void send(int slots) throws Exception;
  }

  private volatile CountDownLatch left = new CountDownLatch(0);

  /** To be called by each handler, before its job is committed. */
  void handled() {
    left.countDown();
  }

  /** Says that it is ready, and answers until the input ends. */
  void serve(Sending sending) throws IOException, InterruptedException {
    System.out.println("ready");
    try (var lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ", -1);
        System.out.println(run(sending, Integer.parseInt(words[1]), Integer.parseInt(words[2])));
      }
    }
  }

  private String run(Sending sending, int senders, int jobs) throws InterruptedException {
    int each = jobs / senders;
    left = new CountDownLatch(each * senders);
    long cpu = cpuNanos();
    long begun = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < senders; i++) {
      threads.add(
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                try {
                  for (int n = 0; n < each; n++) {
                    sending.send(senders);
                  }
                } catch (Exception e) {
                  System.out.println("failed: " + e);
                }
              }));
    }
    if (!left.await(GIVE_UP_SECONDS, TimeUnit.SECONDS)) {
      return "failed: " + left.getCount() + " of " + jobs + " jobs were not handled in a minute";
    }
    long took = System.nanoTime() - begun;
    long used = cpuNanos() - cpu;
    for (Thread thread : threads) {
      thread.join();
    }
    return "took " + took + " " + used;
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
