package io.rolehost.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Supervised tasks beside Erlang/OTP and Pekko typed: from a failure to the new attempt, and what a
 * million tasks cost. Each program answers the same two questions and prints its figures.
 */
final class TasksBenchmark {

  static final int RESTARTS = 300;
  static final int MANY = 1_000_000;

  /**
   * A program that answers.
   *
   * @param restart the word that asks for restarts
   * @param many the word that asks for a million
   */
  record Contender(String name, List<String> command, String restart, String many) {}

  /** What one of them needs. */
  record Figures(Samples restartNanos, Samples startMillis, Samples bytes) {
    Figures() {
      this(new Samples(), new Samples(), new Samples());
    }
  }

  /** A contender with what was measured of it. */
  record Result(Contender contender, Figures figures) {
    String name() {
      return contender.name();
    }
  }

  /** A log line may stand between them. */
  private static final Pattern FIGURES = Pattern.compile("\\d+( \\d+)*");

  private TasksBenchmark() {}

  static List<Result> run(List<Contender> contenders, int rounds)
      throws IOException, InterruptedException {
    List<Result> results = new ArrayList<>();
    for (Contender contender : contenders) {
      results.add(new Result(contender, new Figures()));
    }
    for (int round = 0; round < rounds; round++) {
      for (Result next : results) {
        Quiet.await();
        for (String line : lines(next.contender(), next.contender().restart(), RESTARTS)) {
          next.figures().restartNanos().add(Double.parseDouble(line));
        }
        Quiet.await();
        String[] many =
            lines(next.contender(), next.contender().many(), MANY).getFirst().split(" ", 2);
        next.figures().startMillis().add(Double.parseDouble(many[0]));
        next.figures().bytes().add(Double.parseDouble(many[1]));
      }
      System.out.print(".");
      System.out.flush();
    }
    System.out.println();
    return results;
  }

  /** Measures how long a look at the progress of {@code tasks} of ours takes, in microseconds. */
  static Samples scan(Contender ours, int tasks) throws IOException, InterruptedException {
    Quiet.await();
    Samples samples = new Samples();
    for (String line : lines(ours, "scan", tasks)) {
      samples.add(Double.parseDouble(line));
    }
    return samples;
  }

  /**
   * What the flight recorder costs, as ratios of with it to without.
   *
   * @param restart the median from a failure to the new attempt, as "restart" measures it, with a
   *     recording that comes and goes in one process
   * @param wall of a restart at full speed, with a recording that comes and goes in one process
   * @param cpu the same, in time of all processors
   * @param million to start a million tasks, in two processes of a pair
   */
  record Recorded(Samples restart, Samples wall, Samples cpu, Samples million) {
    Recorded() {
      this(new Samples(), new Samples(), new Samples(), new Samples());
    }
  }

  /** Measures it in {@code processes} of {@code pairs} each, and as many pairs of a million. */
  static Recorded recorded(Programs programs, int processes, int pairs)
      throws IOException, InterruptedException {
    List<String> plain = programs.main("io.rolehost.bench.peer.TasksPeer");
    List<String> with = new ArrayList<>(plain);
    with.add(1, "-XX:StartFlightRecording=settings=none"); // of all events only ours
    Contender without = new Contender("supervised tasks", plain, "recorded", "many");
    Contender recorded = new Contender("supervised tasks, recorded", with, "recorded", "many");
    Recorded figures = new Recorded();
    for (int i = 0; i < processes; i++) {
      Quiet.await();
      for (String line : lines(without, "recorded", pairs)) {
        String[] nanos = line.split(" ", 4);
        figures.wall().add(Double.parseDouble(nanos[2]) / Double.parseDouble(nanos[0]));
        figures.cpu().add(Double.parseDouble(nanos[3]) / Double.parseDouble(nanos[1]));
      }
      Quiet.await();
      for (String line : lines(without, "recorded-restart", pairs)) {
        String[] nanos = line.split(" ", 2);
        figures.restart().add(Double.parseDouble(nanos[1]) / Double.parseDouble(nanos[0]));
      }
      double first = million(i % 2 == 0 ? without : recorded);
      double second = million(i % 2 == 0 ? recorded : without);
      figures.million().add(i % 2 == 0 ? second / first : first / second);
      System.out.print(".");
      System.out.flush();
    }
    System.out.println();
    return figures;
  }

  private static double million(Contender contender) throws IOException, InterruptedException {
    Quiet.await();
    return Double.parseDouble(lines(contender, "many", MANY).getFirst().split(" ", 2)[0]);
  }

  private static List<String> lines(Contender contender, String question, int n)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(contender.command());
    command.add(question);
    command.add(String.valueOf(n));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    process.getOutputStream().close();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .filter(FIGURES.asMatchPredicate())
            .toList();
    int code = process.waitFor();
    if (code != 0 || lines.isEmpty()) {
      throw new IOException(
          "%s answered \"%s\" with exit code %d and %d lines; its command is %s"
              .formatted(contender.name(), question, code, lines.size(), command));
    }
    return lines;
  }

  /** Returns those that are installed; ours and the floor always are. */
  static List<Contender> contenders(Programs programs, Path module) throws IOException {
    List<Contender> all = new ArrayList<>();
    List<String> ours = programs.main("io.rolehost.bench.peer.TasksPeer");
    all.add(new Contender("supervised tasks", ours, "restart", "many"));
    all.add(new Contender("bare virtual threads", ours, "restart-floor", "many-floor"));
    Path otp = module.resolve("peers/otp/target");
    if (otp.resolve("otp_peer.beam").toFile().exists()) {
      all.add(
          new Contender(
              "Erlang/OTP",
              List.of(
                  "erl",
                  "+P",
                  "2000000",
                  "-noshell",
                  "-pa",
                  otp.toString(),
                  "-s",
                  "otp_peer",
                  "main",
                  "-extra"),
              "restart",
              "many"));
    }
    Path pekko = module.resolve("peers/pekko/target/peer-pekko-1.jar");
    if (pekko.toFile().exists()) {
      all.add(
          new Contender(
              "Pekko typed",
              List.of(
                  programs.java(),
                  "-cp",
                  pekko + ":" + pekko.resolveSibling("lib") + "/*",
                  "peer.PekkoPeer"),
              "restart",
              "many"));
    }
    return all;
  }
}
