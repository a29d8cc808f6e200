package io.rolehost.bench;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Measures photo-web beside its peers, and the freeze; {@code bin/bench} builds all of them and
 * calls this.
 *
 * <p>Arguments: the root of the checkout, then any of {@code start}, {@code red}, {@code
 * throughput}, {@code freeze}, {@code tasks}, {@code recorder}, {@code node}, {@code rolling},
 * {@code jobs} (none = all). {@code -Dbench.rounds=} multiplies or cuts the rounds in percent;
 * {@code -Dbench.postgres=} is the HOCON of a freeze table, to measure that and peers on that
 * server too.
 */
final class Bench {

  private Bench() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Path root = Path.of(args[0]).toAbsolutePath().normalize();
    Path work = Files.createDirectories(root.resolve("target/bench"));
    Set<String> wanted =
        Set.of(args).contains("all") || args.length == 1
            ? Set.of(
                "start",
                "red",
                "throughput",
                "freeze",
                "tasks",
                "recorder",
                "node",
                "rolling",
                "jobs")
            : Set.of(args);
    int percent = Integer.getInteger("bench.rounds", 100);
    var programs = new Programs(root, work);
    var report = new Report();
    if (wanted.contains("start")) {
      start(programs, Math.max(1, 15 * percent / 100), work, report);
    }
    if (wanted.contains("red")) {
      red(programs, Math.max(1, 200 * percent / 100), work, report);
    }
    if (wanted.contains("throughput")) {
      throughput(programs, Math.max(1, 7 * percent / 100), work, report);
    }
    if (wanted.contains("freeze")) {
      freeze(programs, percent, work, report);
    }
    if (wanted.contains("tasks")) {
      tasks(programs, root, Math.max(1, 5 * percent / 100), report);
    }
    if (wanted.contains("recorder")) {
      recorder(programs, Math.max(1, 10 * percent / 100), report);
    }
    if (wanted.contains("node")) {
      NodeReport.of(programs, root, percent, work, report);
    }
    if (wanted.contains("rolling")) {
      NodeReport.rolling(programs, root, work, report);
    }
    if (wanted.contains("jobs")) {
      JobsReport.of(programs, root, percent, work, report);
    }
    System.out.println(report.write(work));
    System.out.println("Also in " + work.resolve("results.json"));
  }

  private static void start(Programs programs, int rounds, Path work, Report report)
      throws IOException, InterruptedException {
    var all =
        StartBenchmark.run(
            List.of(
                programs.photoWeb(true),
                programs.quarkus(),
                programs.springBoot(),
                programs.jdkHello()),
            rounds,
            work);
    report.table(
        "From the spawn to the first 200, medians of " + rounds + " rounds",
        "program",
        "wall ms",
        "fastest",
        "CPU ms",
        "resident MiB");
    for (var next : all) {
      StartBenchmark.Figures f = next.figures();
      report.row(
          next.name(),
          f.wallMillis().median(),
          f.wallMillis().quantile(0),
          f.cpuMillis().median(),
          f.residentMib().median());
      report.figure("start", next.name(), "wall ms", f.wallMillis().median());
      report.figure("start", next.name(), "CPU ms", f.cpuMillis().median());
      report.figure("start", next.name(), "resident MiB", f.residentMib().median());
    }
    versus(report, all.getFirst().figures(), all.get(1), 0.4, 0.9);
    versus(report, all.getFirst().figures(), all.get(2), 0.2, 0.5);
    versus(report, all.getFirst().figures(), all.get(3), 3, Double.NaN);
  }

  private static void versus(
      Report report,
      StartBenchmark.Figures ours,
      Measured<StartBenchmark.Figures> peer,
      double time,
      double memory) {
    StartBenchmark.Figures theirs = peer.figures();
    report.ratio(
        "start, wall, to " + peer.name(),
        ours.wallMillis().median() / theirs.wallMillis().median(),
        time,
        false);
    report.ratio(
        "start, CPU, to " + peer.name(),
        ours.cpuMillis().median() / theirs.cpuMillis().median(),
        time,
        false);
    if (!Double.isNaN(memory)) {
      report.ratio(
          "resident memory, to " + peer.name(),
          ours.residentMib().median() / theirs.residentMib().median(),
          memory,
          false);
    }
  }

  private static void red(Programs programs, int rounds, Path work, Report report)
      throws IOException, InterruptedException {
    var all =
        RedBenchmark.run(List.of(programs.photoWeb(true), programs.nettyHello()), rounds, work);
    report.table(
        "From TERM to the first red answer, " + rounds + " processes each",
        "program",
        "median µs",
        "p99 µs");
    for (var next : all) {
      report.row(next.name(), next.figures().median(), next.figures().quantile(0.99));
      report.figure("red", next.name(), "median µs", next.figures().median());
      report.figure("red", next.name(), "p99 µs", next.figures().quantile(0.99));
    }
    report.ratio(
        "TERM to red, p99, to " + all.getLast().name(),
        all.getFirst().figures().quantile(0.99) / all.getLast().figures().quantile(0.99),
        2,
        false);
  }

  private static void throughput(Programs programs, int rounds, Path work, Report report)
      throws IOException, InterruptedException {
    var all =
        ThroughputBenchmark.run(
            List.of(programs.photoWeb(true), programs.nettyHello()), rounds, 5, work);
    report.table(
        "Requests a second for the ready path, medians of " + rounds + " rounds of 5 s",
        "program",
        "requests/s");
    for (var next : all) {
      report.row(next.name(), next.figures().median());
      report.figure("throughput", next.name(), "requests/s", next.figures().median());
    }
    report.ratio(
        "/readyz throughput, to " + all.getLast().name(),
        all.getFirst().figures().median() / all.getLast().figures().median(),
        0.9,
        true);
  }

  private static void freeze(Programs programs, int percent, Path work, Report report)
      throws IOException, InterruptedException {
    int flips = Math.max(2, 50 * percent / 100);
    report.table(
        "The freeze: " + flips + " flips, each seen by 200 watchers in 8 processes",
        "flip seen, by",
        "median ms",
        "p99 ms",
        "last ms");
    Path file = Files.createDirectories(work.resolve("freeze")).resolve("freeze.conf");
    flip(report, "file", ConfigFactory.parseMap(Map.of("file", file.toString())), flips, 100);
    String postgres = System.getProperty("bench.postgres", "");
    if (postgres.isEmpty()) {
      System.out.println("no PostgreSQL server here: the table is left out");
    } else {
      flip(report, "PostgreSQL", ConfigFactory.parseString(postgres), flips, 150);
    }
    Samples check = FreezeBenchmark.firstCheck(work, Math.max(1, 20 * percent / 100));
    double held =
        FreezeBenchmark.held(
            programs.photoWeb(true), Duration.ofSeconds(Math.max(30, 60 * percent / 100)), work);
    report.figure("freeze", "first check", "ms", check.median());
    report.figure("freeze", "held host", "percent of a core", held);
    report.ratio("first check at the start, median ms", check.median(), 5, false);
    report.ratio("held host, percent of a core", held, 0.1, false);
  }

  private static void flip(Report report, String name, Config place, int flips, double limit)
      throws IOException, InterruptedException {
    Samples seen = FreezeBenchmark.flips(place, 8, 200, flips);
    report.row(name, seen.median(), seen.quantile(0.99), seen.quantile(1));
    report.figure("freeze", name, "p99 ms", seen.quantile(0.99));
    report.ratio("flip to seen, " + name + ", p99 ms", seen.quantile(0.99), limit, false);
  }

  private static void tasks(Programs programs, Path root, int rounds, Report report)
      throws IOException, InterruptedException {
    Path module = root.resolve("role-runtime/role-bench");
    var all = TasksBenchmark.run(TasksBenchmark.contenders(programs, module), rounds);
    report.table(
        "Supervised tasks, medians of " + rounds + " rounds",
        "program",
        "failure to new attempt, µs",
        "p99 µs",
        "a million started, ms",
        "bytes each");
    for (var next : all) {
      TasksBenchmark.Figures f = next.figures();
      report.row(
          next.name(),
          f.restartNanos().median() / 1e3,
          f.restartNanos().quantile(0.99) / 1e3,
          f.startMillis().median(),
          f.bytes().median());
      report.figure("tasks", next.name(), "restart µs", f.restartNanos().median() / 1e3);
      report.figure("tasks", next.name(), "million ms", f.startMillis().median());
      report.figure("tasks", next.name(), "bytes each", f.bytes().median());
    }
    TasksBenchmark.Figures ours = all.getFirst().figures();
    for (var peer : all.subList(1, all.size())) {
      double limit =
          switch (peer.name()) {
            case "Erlang/OTP" -> 0.2;
            case "bare virtual threads" -> 4;
            default -> Double.NaN;
          };
      if (!Double.isNaN(limit)) {
        report.ratio(
            "restart, median, to " + peer.name(),
            ours.restartNanos().median() / peer.figures().restartNanos().median(),
            limit,
            false);
      }
    }
    TasksBenchmark.Figures floor = all.get(1).figures();
    report.ratio(
        "a million tasks, start, to " + all.get(1).name(),
        ours.startMillis().median() / floor.startMillis().median(),
        2,
        false);
    report.ratio("a million tasks, KB each", ours.bytes().median() / 1024, 1.2, false);
    report.table("A look at the progress of all tasks", "tasks", "median µs", "ns a task");
    for (int tasks : new int[] {1_000, 10_000, 100_000, 1_000_000}) {
      Samples scan = TasksBenchmark.scan(all.getFirst().contender(), tasks);
      report.row(String.valueOf(tasks), scan.median(), scan.median() * 1e3 / tasks);
      report.figure("tasks", "scan of " + tasks, "median µs", scan.median());
      if (tasks == TasksBenchmark.MANY) {
        report.ratio("look at a million tasks, median ms", scan.median() / 1e3, 50, false);
      }
    }
  }

  private static void recorder(Programs programs, int processes, Report report)
      throws IOException, InterruptedException {
    var figures = TasksBenchmark.recorded(programs, processes, 10);
    report.table(
        "What the flight recorder adds, percent, medians of pairs",
        "to",
        "median",
        "first quartile",
        "third quartile",
        "pairs");
    recorder(report, "from a failure to the new attempt", figures.restart());
    recorder(report, "a restart at full speed, wall", figures.wall());
    recorder(report, "a restart at full speed, CPU", figures.cpu());
    recorder(report, "the start of a million tasks", figures.million());
  }

  private static void recorder(Report report, String what, Samples ratios) {
    double median = percentMore(ratios.median());
    report.row(
        what,
        median,
        percentMore(ratios.quantile(0.25)),
        percentMore(ratios.quantile(0.75)),
        ratios.count());
    report.figure("recorder", what, "percent", median);
    report.ratio("flight recorder, percent added to " + what, median, 1, false);
  }

  private static double percentMore(double ratio) {
    return 100 * (ratio - 1);
  }
}
