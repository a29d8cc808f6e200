package peer;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.scheduling.BackgroundJob;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.storage.StorageProvider;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.storage.sql.sqlite.SqLiteStorageProvider;

/**
 * JobRunr as a queue. Arguments: workers, a JDBC URL, a user where there is one. Each line {@code
 * run N JOBS} is answered with {@code took NANOS CPU-NANOS}. It looks for work every five seconds
 * at most often; in its favour that wait is not counted: the longer of all sending and of first to
 * last handled counts.
 */
public final class JobRunrPeer {

  private static final String DATA = "x".repeat(1024);
  private static final AtomicLong FIRST = new AtomicLong();
  private static volatile CountDownLatch left = new CountDownLatch(0);

  private JobRunrPeer() {}

  public static void main(String[] args) throws Exception {
    int workers = Integer.parseInt(args[0]);
    boolean file = args[1].startsWith("jdbc:sqlite:");
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(args[1]);
    if (args.length > 2) {
      config.setUsername(args[2]);
    }
    config.setMaximumPoolSize(file ? 1 : workers + 8);
    HikariDataSource source = new HikariDataSource(config);
    StorageProvider storage =
        file ? new SqLiteStorageProvider(source) : new PostgresStorageProvider(source);
    JobRunr.configure()
        .useStorageProvider(storage)
        .useBackgroundJobServer(
            BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                .andWorkerCount(workers)
                .andPollIntervalInSeconds(5))
        .initialize();
    System.out.println("ready");
    var lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split(" ");
      System.out.println(run(Integer.parseInt(words[1]), Integer.parseInt(words[2])));
    }
    System.exit(0);
  }

  /** The job. */
  public static void handle(String data) {
    FIRST.compareAndSet(0, System.nanoTime());
    left.countDown();
  }

  private static String run(int senders, int jobs) throws InterruptedException {
    int each = jobs / senders;
    FIRST.set(0);
    left = new CountDownLatch(each * senders);
    long cpu = cpuNanos();
    long begun = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < senders; i++) {
      threads.add(
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                for (int n = 0; n < each; n++) {
                  BackgroundJob.enqueue(() -> JobRunrPeer.handle(DATA));
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    long sent = System.nanoTime() - begun;
    if (!left.await(60, TimeUnit.SECONDS)) {
      return "failed: " + left.getCount() + " of " + jobs + " jobs were not handled in a minute";
    }
    long handled = System.nanoTime() - FIRST.get();
    return "took " + Math.max(sent, handled) + " " + (cpuNanos() - cpu);
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
        .getProcessCpuTime();
  }
}
