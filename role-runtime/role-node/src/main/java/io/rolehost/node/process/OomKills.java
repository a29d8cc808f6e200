package io.rolehost.node.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Counts whom the kernel killed for lack of memory within the control group of this process and
 * those below it. Where there is no such group, or it can't be read, that is none.
 */
public final class OomKills {
  private static final String KEY = "oom_kill ";

  private final Path events;
  private long seen;

  OomKills(Path events) {
    this.events = events;
    this.seen = count();
  }

  /** Begins to count those of this process's group. */
  public static OomKills ofThisProcess() {
    return new OomKills(eventsOf(Path.of("/proc/self/cgroup"), Path.of("/sys/fs/cgroup")));
  }

  static Path eventsOf(Path membership, Path mount) {
    try {
      for (String line : Files.readAllLines(membership)) {
        List<String> parts = List.of(line.split(":", 3));
        if (parts.size() == 3 && parts.getFirst().equals("0")) {
          return mount.resolve(parts.get(2).substring(1)).resolve("memory.events");
        }
        if (parts.size() == 3 && parts.get(1).equals("memory")) {
          return mount
              .resolve("memory")
              .resolve(parts.get(2).substring(1))
              .resolve("memory.oom_control");
        }
      }
    } catch (IOException | IndexOutOfBoundsException e) {
      // not Linux
    }
    return mount.resolve("memory.events");
  }

  /** Returns whether there was one since the last call. */
  public boolean another() {
    long now = count();
    boolean more = now > seen;
    seen = now;
    return more;
  }

  private long count() {
    try {
      for (String line : Files.readAllLines(events)) {
        if (line.startsWith(KEY)) {
          return Long.parseLong(line.substring(KEY.length()).strip());
        }
      }
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
    return 0;
  }
}
