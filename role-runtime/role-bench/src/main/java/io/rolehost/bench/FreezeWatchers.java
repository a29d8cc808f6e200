package io.rolehost.bench;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.rolehost.freeze.FileSource;
import io.rolehost.freeze.FlagSource;
import io.rolehost.freeze.FreezeSource;
import io.rolehost.freeze.FreezeSources;
import io.rolehost.freeze.FreezeSwitch;
import io.rolehost.freeze.Identity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A process that watches freezes, each watcher with a source of its own, as an instance has. It
 * prints a line a flip and watcher: {@code FROZEN} or {@code FREE}, and when that was seen, by the
 * monotonic clock, which all processes of a Linux machine share. It ends with its input.
 *
 * <p>Arguments: a configuration with {@code file = PATH} or {@code postgres { … }}, and how many
 * watchers; or {@code check} and a folder, to print how many nanoseconds a first check takes.
 */
final class FreezeWatchers {

  private static final Identity WHO = new Identity("default", "bench", "bench_IN_0");

  private FreezeWatchers() {}

  public static void main(String[] args) throws IOException {
    if (args[0].equals("check")) {
      System.out.println(check(Path.of(args[1])));
      return;
    }
    Config place = ConfigFactory.parseString(args[0]);
    List<FreezeSwitch> switches = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(args[1]); i++) {
      switches.add(watch(FreezeSwitch.of(WHO, sources(place))));
    }
    System.out.println("WATCHING");
    while (System.in.read() >= 0) {
      // Only the end of it counts.
    }
    switches.forEach(FreezeSwitch::close);
  }

  static List<FreezeSource> sources(Config place) {
    return place.hasPath("file")
        ? List.of(new FileSource(Path.of(place.getString("file"))))
        : FreezeSources.configured(place.atPath("rolehost.freeze"));
  }

  private static FreezeSwitch watch(FreezeSwitch freezes) {
    AtomicBoolean told = new AtomicBoolean(freezes.verdict(Instant.now()).frozen());
    FreezeSource.Watch _ =
        freezes.onChange(() -> {
          long seen = System.nanoTime();
          boolean frozen = freezes.lastVerdict(Instant.now()).frozen();
          if (told.getAndSet(frozen) != frozen) {
            System.out.println((frozen ? "FROZEN " : "FREE ") + seen);
          }
        });
    return freezes;
  }

  /** What check 1 adds to a start: the configuration library was used before it, the rest not. */
  private static long check(Path folder) {
    Path file = folder.resolve("application.conf");
    var _ = ConfigFactory.parseFile(file.toFile()).resolve();
    long begun = System.nanoTime();
    FreezeSwitch freezes =
        FreezeSwitch.of(
            WHO,
            List.of(new FlagSource(file, null), new FileSource(folder.resolve("freeze.conf"))));
    boolean frozen = freezes.verdict(Instant.now()).frozen();
    long took = System.nanoTime() - begun;
    if (frozen) {
      throw new IllegalStateException("frozen by " + folder);
    }
    return took;
  }
}
