package io.rolehost.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Measures the node and puts it beside the others. */
final class NodeReport {

  private NodeReport() {}

  static void of(Programs programs, Path root, int percent, Path work, Report report)
      throws IOException, InterruptedException {
    NodeBenchmark node = new NodeBenchmark(root, programs.java(), work);
    int rounds = Math.max(1, 20 * percent / 100);
    Map<Supervising.Kind, Samples> all = new EnumMap<>(Supervising.Kind.class);
    report.table(
        "From SIGKILL of photo-web to the first 200 of its replacement, " + rounds + " rounds",
        "supervisor",
        "median ms",
        "fastest",
        "slowest");
    for (Supervising.Kind kind : Supervising.Kind.values()) {
      if (!kind.isHere()) {
        System.out.println(kind.title() + " is not installed: left out");
        continue;
      }
      System.out.println("measuring " + kind.title());
      Samples millis = node.replacement(kind, rounds);
      all.put(kind, millis);
      report.row(kind.title(), millis.median(), millis.quantile(0), millis.quantile(1));
      report.figure("node", kind.title(), "replacement ms", millis.median());
    }
    double best = Double.NaN;
    for (Supervising.Kind peer :
        List.of(Supervising.Kind.SUPERVISORD, Supervising.Kind.RUNIT, Supervising.Kind.S6)) {
      if (all.containsKey(peer)) {
        best = Double.isNaN(best) ? median(all, peer) : Math.min(best, median(all, peer));
      }
    }
    if (!Double.isNaN(best)) {
      report.ratio(
          "replacement, with the node's cache, to the best peer",
          median(all, Supervising.Kind.NODE) / best,
          0.6,
          false);
      report.ratio(
          "replacement, without a cache, to the best peer",
          median(all, Supervising.Kind.NODE_WITHOUT_CACHE) / best,
          1,
          false);
    }
    report.ratio(
        "replacement by a hot spare, median ms, onStart of photo-web and all",
        median(all, Supervising.Kind.NODE_WITH_SPARE),
        50,
        false);

    report.ratio(
        "death noticed, median ms",
        node.noticed(Math.max(3, 50 * percent / 100)).median(),
        5,
        false);
    NodeBenchmark.Cost many = node.cost(200, Math.max(2, 20 * percent / 100));
    report.ratio(
        "status of 200 at the socket, median ms", many.socketMillis().median(), 150, false);
    report.ratio(
        "rolehost status of 200, to a bare JVM",
        many.commandMillis().median() / many.bareMillis().median(),
        3,
        false);
    report.figure("node", "status of 200", "command ms", many.commandMillis().median());
    report.figure("node", "bare JVM", "ms", many.bareMillis().median());
    report.ratio("resident MiB with 50 children", node.cost(50, 3).residentMib(), 120, false);
  }

  /** What clients see while six web instances are renewed, or killed. */
  static void rolling(Programs programs, Path root, Path work, Report report)
      throws IOException, InterruptedException {
    if (!RollingBenchmark.isHere()) {
      System.out.println("HAProxy is not installed: rolling restarts are left out");
      return;
    }
    report.table(
        RollingBenchmark.INSTANCES + " web instances behind HAProxy, one after another, under load",
        "each is",
        "seconds",
        "requests/s",
        "failed",
        "p99 ms");
    try (RollingBenchmark web = new RollingBenchmark(root, programs.java(), work)) {
      rolling("restarted", web.restart(), report);
      rolling("killed", web.kill(), report);
    }
  }

  private static void rolling(String how, RollingBenchmark.Seen seen, Report report) {
    report.row(how, seen.seconds(), seen.perSecond(), seen.failed(), seen.millis().quantile(0.99));
    report.figure("rolling", how, "requests/s", seen.perSecond());
    report.ratio("failed requests while each is " + how, seen.failed(), 0, false);
  }

  private static double median(Map<Supervising.Kind, Samples> all, Supervising.Kind kind) {
    Samples millis = all.get(kind);
    return millis == null ? Double.NaN : millis.median();
  }
}
