package io.rolehost.runtime.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.freeze.FileSource;
import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.Scope;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Freezes that come and go at random in the freeze file and in the flag, while a real host is
 * killed and started again and again: what runs of the user's, and when.
 */
@DisabledOnOs(OS.WINDOWS) // named pipes
final class FreezeFlipsProcessTest {

  private static final String FLAG = "flag-file";
  private static final int MOST_AT_A_CHECK = 5;

  /** The user's code, in order; each of them lies behind a freeze check of its own. */
  private static final List<String> USER_CODE = List.of("task", "onStart", "run");

  @TempDir Path folder;

  private final SplittableRandom random = new SplittableRandom(12);

  /** Text of each entry of the freeze file, by its id. */
  private final TreeMap<String, String> entries = new TreeMap<>();

  private final List<String> expected = new ArrayList<>();
  private final List<Duration> unfreezes = new ArrayList<>();
  private boolean flag;
  private int flips;
  private int torn;
  private int kills;

  /** Writes down that it is called, and waits in {@code onStart} until it may go on. */
  public static final class Gated implements Role {
    @Override
    public boolean onStart(RoleContext context) throws IOException {
      mark("onStart");
      Files.readString(Path.of("gate-onStart"));
      return true;
    }

    @Override
    public void run(RoleContext context) throws Exception {
      mark("run");
      context.stopToken().await();
    }

    private static void mark(String what) throws IOException {
      Files.writeString(
          Path.of("marks"), what + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }

  @Test
  void flips_sixty_letNoUserCodePastAClosedCheck_andEachUnfreezeGoesOn() throws Exception {
    flip(60);
  }

  @Test
  @Tag("long")
  void flips_aThousand_letNoUserCodePastAClosedCheck_andEachUnfreezeGoesOn() throws Exception {
    flip(1_000);
    assertTrue(torn > 50 && kills > 20, torn + " torn writes, " + kills + " kills");
  }

  private void flip(int most) throws Exception {
    for (String gate : List.of("gate-task", "gate-onStart")) {
      assertEquals(
          0, new ProcessBuilder("mkfifo", folder.resolve(gate).toString()).start().waitFor());
    }
    writeFlag();
    HostProcess.Command command =
        HostProcess.of(Gated.class, folder)
            .set("rolehost.freeze.auto.enabled", "false")
            .set("config.file", folder.resolve("application.conf").toString());
    while (flips < most) {
      if (!frozen()) {
        freeze();
      }
      boolean broken = Files.exists(freezeFile()) && random.nextInt(4) == 0;
      if (broken) {
        tear(freezeFile());
      }
      try (HostProcess host = command.start().awaitState("HELD")) {
        if (broken) {
          assertHeld(host);
          writeEntries();
        }
        live(host);
      }
    }
    // The mean would be that of the one start that the machine was busy in.
    Duration median = unfreezes.stream().sorted().toList().get(unfreezes.size() / 2);
    assertTrue(median.toMillis() < 1_000, () -> "from unfreeze to the user's code: " + unfreezes);
  }

  /** Takes a host that is held at its first check through all of them, or kills it on the way. */
  private void live(HostProcess host) throws Exception {
    for (String next : USER_CODE) {
      host.awaitState("HELD");
      flipWhileHeld(host);
      if (random.nextInt(6) == 0) {
        kill(host);
        return;
      }
      long before = System.nanoTime();
      while (frozen()) {
        unfreeze(host);
      }
      expected.add(next);
      host.await("it goes on to " + next, () -> marks().equals(expected));
      unfreezes.add(Duration.ofNanos(System.nanoTime() - before));
      if (!next.equals("run")) {
        freeze();
        awaitSeen(host);
        Files.newOutputStream(folder.resolve("gate-" + next)).close();
      }
    }
    host.awaitReady();
    freeze();
    awaitSeen(host);
    assertEquals(200, host.status("/readyz"), "a freeze without hold lets it work on");
    if (random.nextBoolean()) {
      kill(host);
    } else {
      assertEquals(0, host.signal("TERM").exitCode());
    }
    assertEquals(expected, marks());
  }

  private void flipWhileHeld(HostProcess host) throws Exception {
    awaitSeen(host);
    assertHeld(host);
    for (int i = random.nextInt(MOST_AT_A_CHECK); i > 0; i--) {
      if (entries.size() + (flag ? 1 : 0) > 1 && random.nextBoolean()) {
        unfreeze(host);
      } else {
        freeze();
      }
      awaitSeen(host);
      assertHeld(host);
      if (random.nextInt(3) == 0) {
        Path path =
            Files.exists(freezeFile()) && random.nextBoolean()
                ? freezeFile()
                : folder.resolve("application.conf");
        tear(path);
        host.await("it knows of the torn " + path, () -> host.get("/freeze").contains("problem"));
        awaitSeen(host);
        assertHeld(host);
        writeEntries();
        writeFlag();
        host.await("it has read it again", () -> !host.get("/freeze").contains("problem"));
      }
    }
  }

  private boolean frozen() {
    return flag || !entries.isEmpty();
  }

  private void freeze() throws IOException {
    flips++;
    if (!flag && random.nextInt(3) == 0) {
      flag = true;
      writeFlag();
      return;
    }
    String id = "f" + flips;
    entries.put(id, "{ id = %s, scope = \"*\", owner = o%s, reason = test }".formatted(id, flips));
    if (random.nextBoolean()) {
      writeEntries();
      return;
    }
    try (FileSource file = new FileSource(freezeFile())) {
      file.put(Freeze.of(id, new Scope.All(), "o" + flips, "test", Instant.now()));
    }
  }

  private void unfreeze(HostProcess host) throws IOException {
    flips++;
    if (flag && (entries.isEmpty() || random.nextInt(3) == 0)) {
      flag = false;
      writeFlag();
      return;
    }
    String id = entries.firstKey();
    entries.remove(id);
    switch (random.nextInt(3)) {
      case 0 -> writeEntries();
      case 1 -> {
        try (FileSource file = new FileSource(freezeFile())) {
          assertEquals(1, file.removeIf(freeze -> freeze.id().equals(id), "anna").size());
        }
      }
      default -> {
        HttpResponse<String> answer = host.write("DELETE", "/freeze?id=" + id, "");
        assertEquals(200, answer == null ? 0 : answer.statusCode());
      }
    }
  }

  private void kill(HostProcess host) {
    kills++;
    assertEquals(137, host.signal("KILL").exitCode());
    assertEquals(expected, marks());
  }

  /** Waits until it has seen every freeze that there is, and none else. */
  private void awaitSeen(HostProcess host) {
    Set<String> ids = new TreeSet<>(entries.keySet());
    if (flag) {
      ids.add(FLAG);
    }
    host.await("it has seen " + ids, () -> seen(host).equals(ids));
  }

  private static Set<String> seen(HostProcess host) {
    return host.facts().getConfigList("freezes").stream()
        .map((Config freeze) -> freeze.getString("id"))
        .collect(Collectors.toSet());
  }

  private void assertHeld(HostProcess host) {
    assertEquals("HELD", host.facts().getString("state"));
    assertEquals(expected, marks(), host::output);
  }

  private List<String> marks() {
    try {
      Path marks = folder.resolve("marks");
      return Files.exists(marks) ? Files.readAllLines(marks) : List.of();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Path freezeFile() {
    return folder.resolve("state/freeze.conf");
  }

  /** Cuts a file somewhere before its end, as a writer leaves it that was killed. */
  private void tear(Path path) throws IOException {
    torn++;
    String whole = Files.readString(path);
    // From the first bracket to the last: what is cut between them is no whole text.
    int first = whole.indexOf('[') + 1;
    int last = path.equals(freezeFile()) ? whole.indexOf(']', first) : whole.lastIndexOf(']');
    Files.writeString(path, whole.substring(0, random.nextInt(first, last + 1)));
  }

  private void writeEntries() throws IOException {
    if (!entries.isEmpty() || Files.exists(freezeFile())) {
      Files.createDirectories(freezeFile().getParent());
      replace(freezeFile(), "freezes = [\n" + String.join("\n", entries.values()) + "\n]\n");
    }
  }

  private void writeFlag() throws IOException {
    replace(
        folder.resolve("application.conf"),
        """
        rolehost.freeze.enabled = %s
        rolehost.start.tasks = [
          { name = prepare, command = [sh, -c, "echo task >> marks; cat gate-task"] }
        ]
        """
            .formatted(flag));
  }

  private void replace(Path path, String text) throws IOException {
    Path fresh = path.resolveSibling("fresh");
    Files.writeString(fresh, text);
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
  }
}
