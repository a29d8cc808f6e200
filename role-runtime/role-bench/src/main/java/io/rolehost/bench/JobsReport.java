package io.rolehost.bench;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Measures background work and puts it beside the bare client of its broker, db-scheduler and
 * JobRunr. What is measured is written at once, and a part that fails is named in the results.
 */
final class JobsReport implements AutoCloseable {

  private static final int MANY = 16;
  private static final int SCHEDULES = 10_000;

  /** Ten heartbeats of a second that stay away, and two seconds. */
  private static final double TAKE_OVER_SECONDS = 12;

  private final Programs programs;
  private final Path root;
  private final Path work;
  private final Path folder;
  private final int percent;
  private final Report report;

  private JobsReport(Programs programs, Path root, int percent, Path work, Report report)
      throws IOException {
    this.programs = programs;
    this.root = root;
    this.work = work;
    this.folder = Files.createTempDirectory(work, "jobs");
    this.percent = percent;
    this.report = report;
  }

  static void of(Programs programs, Path root, int percent, Path work, Report report)
      throws IOException, InterruptedException {
    try (var jobs = new JobsReport(programs, root, percent, work, report)) {
      jobs.all();
    }
  }

  private void all() throws IOException, InterruptedException {
    try (Asked broker = role("broker", "io.rolehost.jobs.artemis.BrokerRole", 0)) {
      String _ = broker.answer(line -> line.contains("The broker of "));
      part("queue", this::queues);
      part("schedules", this::schedules);
    }
  }

  /** A part of the measurement. */
  @FunctionalInterface
  private interface Part {
    void measure() throws IOException, InterruptedException;
  }

  private void part(String name, Part part) throws IOException, InterruptedException {
    System.out.println("measuring " + name);
    try {
      part.measure();
    } catch (IOException failed) {
      String said = name + " could not be measured: " + failed.getMessage();
      System.out.println(said);
      report.note(said.lines().findFirst().orElseThrow());
    }
    String _ = report.write(work);
  }

  private void queues() throws IOException, InterruptedException {
    try (Asked ours = role("ours", "io.rolehost.bench.peer.QueueRole", 0)) {
      ready(ours);
      QueueBenchmark.warmUp(ours);
      part("the bare client", () -> bareClient(ours));
      String postgres = System.getProperty("bench.postgres", "");
      List<List<String>> stores = new ArrayList<>();
      stores.add(List.of("SQLite"));
      if (postgres.isEmpty()) {
        System.out.println("no PostgreSQL server here: it is left out");
      } else {
        Config server = ConfigFactory.parseString(postgres).getConfig("postgres");
        stores.add(List.of("PostgreSQL", server.getString("url"), server.getString("user")));
      }
      for (List<String> store : stores) {
        List<String> scheduler = programs.main("io.rolehost.bench.peer.DbSchedulerQueue");
        part(
            "db-scheduler on " + store.getFirst(),
            () -> peer(ours, "db-scheduler", scheduler, store, rounds(10)));
        Path jar = root.resolve("role-runtime/role-bench/peers/jobrunr/target/peer-jobrunr-1.jar");
        List<String> runner =
            List.of(
                programs.java(),
                "-cp",
                jar + ":" + jar.resolveSibling("lib") + "/*",
                "peer.JobRunrPeer");
        part(
            "JobRunr on " + store.getFirst(),
            () -> peer(ours, "JobRunr", runner, store, rounds(6)));
      }
    }
  }

  private void bareClient(Asked ours) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(programs.main("io.rolehost.bench.peer.RawQueue"));
    command.add(directory().toString());
    try (Asked raw = Asked.start("bare client", command, folder)) {
      ready(raw);
      QueueBenchmark.warmUp(raw);
      Quiet.await();
      for (int slots : new int[] {1, MANY}) {
        List<QueueBenchmark.Pair> pairs = QueueBenchmark.pairs(ours, raw, slots, rounds(20));
        table(slots, "bare client", pairs);
        report.ratio(
            "jobs a second, " + slots + " slots, to the bare client",
            median(pairs, QueueBenchmark.Pair::speed),
            0.9,
            true);
        if (slots == 1) {
          report.ratio(
              "CPU of a job above the bare client, µs",
              median(pairs, QueueBenchmark.Pair::cpuMicrosAbove),
              20,
              false);
        }
      }
    }
  }

  private void peer(Asked ours, String name, List<String> program, List<String> store, int rounds)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(program);
    command.add(String.valueOf(MANY));
    if (store.size() == 1) {
      // Both options are the driver's; FULL is a sync of the disk for each commit.
      command.add(
          "jdbc:sqlite:"
              + folder.resolve(name + ".db")
              + "?journal_mode=WAL&synchronous=FULL&busy_timeout=10000");
    } else {
      command.addAll(store.subList(1, store.size()));
    }
    String title = name + " on " + store.getFirst();
    try (Asked peer = Asked.start(title, command, folder)) {
      ready(peer);
      Quiet.await();
      List<QueueBenchmark.Pair> pairs = QueueBenchmark.pairs(ours, peer, MANY, rounds);
      table(MANY, title, pairs);
      report.ratio(
          "jobs a second, " + MANY + " slots, to " + title,
          median(pairs, QueueBenchmark.Pair::speed),
          3,
          true);
    }
  }

  private void table(int slots, String peer, List<QueueBenchmark.Pair> pairs) {
    report.table(
        "Queue end to end, "
            + slots
            + (slots == 1 ? " slot" : " slots")
            + ", beside "
            + peer
            + ", medians of "
            + pairs.size()
            + " rounds",
        "program",
        "jobs/s",
        "CPU µs a job");
    row("ours", slots, peer, pairs, QueueBenchmark.Pair::ours);
    row(peer, slots, peer, pairs, QueueBenchmark.Pair::theirs);
  }

  private void row(
      String program,
      int slots,
      String peer,
      List<QueueBenchmark.Pair> pairs,
      java.util.function.Function<QueueBenchmark.Pair, QueueBenchmark.Took> side) {
    double speed = median(pairs, pair -> side.apply(pair).perSecond());
    double cpu = median(pairs, pair -> side.apply(pair).cpuMicrosEach());
    report.row(program, speed, cpu);
    String named = program.equals("ours") ? "ours beside " + peer : program;
    report.figure("jobs", named + ", " + slots + " slots", "jobs/s", speed);
    report.figure("jobs", named + ", " + slots + " slots", "CPU µs a job", cpu);
  }

  private void schedules() throws IOException, InterruptedException {
    try (Asked first = role("first", "io.rolehost.bench.peer.SchedulesRole", SCHEDULES)) {
      Samples late =
          SchedulesBenchmark.lateness(first, Duration.ofSeconds(Math.max(15, 60 * percent / 100)));
      report.table(
          SCHEDULES + " schedules, " + late.count() + " ticks", "from", "median ms", "p99 ms");
      report.row("due to a message", late.median(), late.quantile(0.99));
      report.figure("jobs", "tick", "p99 ms", late.quantile(0.99));
      report.ratio("due tick to message, p99 ms", late.quantile(0.99), 250, false);
      String _ = report.write(work);
      try (Asked second = role("second", "io.rolehost.bench.peer.SchedulesRole", SCHEDULES)) {
        String _ = second.answer(line -> line.startsWith("tick "));
        double seconds = SchedulesBenchmark.takeOver(first, second) / 1e3;
        report.figure("jobs", "take-over", "s", seconds);
        report.ratio("kill to the last tick taken over, s", seconds, TAKE_OVER_SECONDS, false);
      }
    }
  }

  private int rounds(int whole) {
    return Math.max(2, whole * percent / 100);
  }

  private Path directory() {
    return folder.resolve("shared");
  }

  private static void ready(Asked queue) throws IOException, InterruptedException {
    String _ = queue.answer("ready"::equals);
  }

  private static double median(
      List<QueueBenchmark.Pair> pairs, ToDoubleFunction<QueueBenchmark.Pair> figure) {
    Samples samples = new Samples();
    pairs.forEach(pair -> samples.add(figure.applyAsDouble(pair)));
    return samples.median();
  }

  /** Starts a role under its host, with the broker and the ledger that all of them share. */
  private Asked role(String name, String type, int schedules) throws IOException {
    List<String> command = new ArrayList<>(programs.main("io.rolehost.runtime.RoleHost"));
    command.addAll(
        1,
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-Drolehost.role.class=" + type,
            "-Drolehost.role.name=" + name,
            "-Drolehost.profile=azure",
            "-Drolehost.state-dir=" + folder.resolve(name),
            "-Drolehost.jobs.directory=" + directory(),
            "-Drolehost.jobs.broker.embedded=off",
            "-Drolehost.management.port=0",
            "-Drolehost.log.to=stdout",
            "-Dbench.schedules=" + schedules));
    return Asked.start(name, command, folder);
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
