package io.rolehost.jobs.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.jobs.ledger.Ledger;
import io.rolehost.jobs.ledger.LedgerSettings;
import io.rolehost.jobs.ledger.Receipts;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A kill between message and receipt, with a real ledger. */
@Timeout(120)
final class KilledFolderProcessTest {

  @TempDir Path place;

  @Test
  void kill_betweenMessageAndReceipt_sendsAgainWithTheSameKey() throws Exception {
    Path folder = Files.createDirectory(place.resolve("uploads"));
    Files.writeString(folder.resolve("a.txt"), "one");
    Process first = start("stall");
    String killed = next(first.inputReader());
    first.toHandle().destroyForcibly();
    assertTrue(first.waitFor(30, TimeUnit.SECONDS));

    Process second = start("work");
    assertEquals(killed, next(second.inputReader()));
    assertEquals("receipt", next(second.inputReader()));
    second.toHandle().destroyForcibly();
    assertTrue(second.waitFor(30, TimeUnit.SECONDS));

    Process third = start("work");
    assertEquals("known 1", next(third.inputReader()));
    Files.writeString(folder.resolve("a.txt"), "two!");
    String other = next(third.inputReader());
    assertTrue(other.startsWith("file-") && !other.equals(killed), other);
    third.toHandle().destroyForcibly();
    assertTrue(third.waitFor(30, TimeUnit.SECONDS));
  }

  private static String next(BufferedReader said) throws IOException {
    return Objects.requireNonNull(said.readLine(), "it ended by itself");
  }

  private Process start(String how) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName(),
            place.toString(),
            how)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Follows the folder, and says each key it sends. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws Exception {
      Path place = Path.of(args[0]);
      boolean stall = args[1].equals("stall");
      Ledger ledger =
          Ledger.of(LedgerSettings.file(place.resolve("ledger.db")), InstantSource.system());
      FolderTask task =
          new FolderTask(
              new FolderTask.Parts(
                  "files.uploads",
                  place.resolve("uploads"),
                  new FileRule("*"),
                  Duration.ofMillis(100),
                  Duration.ofMillis(100),
                  Duration.ofDays(1),
                  new Stalling(ledger.receipts(), stall),
                  (event, key) -> {
                    System.out.println(key);
                    return true;
                  },
                  () -> false,
                  System::nanoTime));
      HandTask.begin(task).await();
    }
  }

  /** Passes everything on, or never comes back from writing a receipt. */
  private record Stalling(Receipts receipts, boolean stall) implements Receipts {
    @Override
    public Optional<String> find(String trigger, String path) {
      return receipts.find(trigger, path);
    }

    @Override
    public Map<String, String> all(String trigger) {
      Map<String, String> all = receipts.all(trigger);
      if (!all.isEmpty()) {
        System.out.println("known " + all.size());
      }
      return all;
    }

    @Override
    public void write(String trigger, String path, String version) {
      if (stall) {
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      receipts.write(trigger, path, version);
      System.out.println("receipt");
    }

    @Override
    public void retain(String trigger, Set<String> paths, Duration unseen) {
      receipts.retain(trigger, paths, unseen);
    }
  }
}
