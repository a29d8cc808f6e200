package io.rolehost.freeze;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two sources that are flipped at random, with torn writes between, and what a check says. */
final class FreezeFlipsTest {

  private static final int FLIPS = 1_000;
  private static final long PATIENCE_SECONDS = 30;
  private static final Identity WHO = new Identity("default", "photos", "photos_IN_0");

  @TempDir Path folder;

  private final SplittableRandom random = new SplittableRandom(11);
  private final Semaphore changed = new Semaphore(0);
  private int entries;
  private boolean flag;

  @Test
  void flips_withTornWritesBetween_passNoCheckTooEarlyAndNoneTooLate() throws Exception {
    Path file = folder.resolve("freeze.conf");
    Path flags = folder.resolve("application.conf");
    writeFlag(flags);
    try (FreezeSwitch held = at(file, flags);
        FreezeSwitch operator = at(file, flags);
        FreezeSwitch other = at(file, flags);
        FreezeSource.Watch _ = held.onChange(changed::release)) {
      int unfreezes = 0;
      for (int i = 0; i < FLIPS; i++) {
        boolean before = frozen();
        tear(file, flags, held);
        flip(i, flags, random.nextBoolean() ? operator : other);
        if (before && !frozen()) {
          unfreezes++;
          awaitPassed(held);
        } else {
          assertEquals(frozen(), held.verdict(Instant.now()).frozen(), "flip " + i);
        }
      }
      assertTrue(unfreezes > FLIPS / 10, "unfreezes: " + unfreezes);
    }
  }

  private boolean frozen() {
    return flag || entries > 0;
  }

  private void flip(int number, Path flags, FreezeSwitch by) throws IOException {
    switch (random.nextInt(5)) {
      case 0 -> {
        flag = !flag;
        writeFlag(flags);
      }
      case 1, 2 -> {
        if (entries < 3) {
          by.put(Freeze.of("f" + number, new Scope.All(), "o" + number, "test", Instant.now()));
          entries++;
        }
      }
      case 3 -> {
        var _ = by.removeCovering(Instant.now(), "test");
        entries = 0;
      }
      default -> {
        var _ = by.removeCovering(Instant.now(), "test");
        entries = 0;
        flag = false;
        writeFlag(flags);
      }
    }
  }

  /** Cuts a file somewhere, as a careless writer would leave it, and mends it. */
  private void tear(Path file, Path flags, FreezeSwitch held) throws IOException {
    Path torn = random.nextBoolean() ? file : flags;
    if (random.nextInt(3) > 0 || !Files.exists(torn)) {
      return;
    }
    String whole = Files.readString(torn);
    // Cut before the last bracket it is broken, wherever; before the first it would be another
    // text.
    boolean isFlag = torn.equals(flags);
    int first = isFlag ? 1 : whole.indexOf('[') + 1;
    // What follows the freezes tells of those that ended; without it the file is whole.
    int ended = whole.indexOf("ended");
    int last =
        isFlag
            ? whole.lastIndexOf('}')
            : whole.lastIndexOf(']', ended < 0 ? whole.length() : ended);
    Files.writeString(torn, whole.substring(0, random.nextInt(first, last + 1)));
    boolean during = held.verdict(Instant.now()).frozen();
    // A writer that was killed, and a process that starts now and has no last answer.
    Files.writeString(folder.resolve("freeze.conf.tmp-" + random.nextInt(9)), whole.substring(1));
    try (FreezeSwitch started = at(file, flags)) {
      // A torn configuration ends the start, by which it can't pass either.
      assertTrue(isFlag || started.verdict(Instant.now()).frozen(), "it passed a torn freeze file");
    }
    replace(torn, whole);
    try (FreezeSwitch started = at(file, flags)) {
      assertEquals(frozen(), started.verdict(Instant.now()).frozen());
    }
    assertEquals(frozen(), during, () -> "while " + torn + " was torn; whole:\n" + whole);
  }

  private void writeFlag(Path flags) throws IOException {
    replace(flags, "{ rolehost { freeze { enabled = " + flag + " } } }");
  }

  private void replace(Path path, String text) throws IOException {
    Path fresh = folder.resolve("fresh");
    Files.write(fresh, List.of(text), UTF_8);
    var _ = Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
  }

  /** What a held process does: it looks again at each change, and never by itself. */
  private void awaitPassed(FreezeSwitch held) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (held.lastVerdict(Instant.now()).frozen()) {
      assertTrue(
          changed.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS), "never unfrozen");
    }
    assertEquals(List.of(), held.verdict(Instant.now()).covering());
  }

  private static FreezeSwitch at(Path file, Path flags) {
    return FreezeSwitch.of(WHO, List.of(new FlagSource(flags, null), new FileSource(file)));
  }
}
