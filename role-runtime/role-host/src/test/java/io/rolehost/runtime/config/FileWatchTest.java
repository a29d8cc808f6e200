package io.rolehost.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class FileWatchTest {

  @TempDir Path root;
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private Path file;

  @BeforeEach
  void writeFile() throws IOException {
    root = root.toRealPath();
    file = root.resolve("application.conf");
    Files.writeString(file, "first");
  }

  @Test
  void file_writtenRenamedDeletedAndBack_isSeenEachTime() throws Exception {
    try (FileWatch _ = watch(file)) {
      Files.writeString(file, "again");
      await("again");
      Path fresh = Files.writeString(root.resolve("fresh"), "other");
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      await("other");
      Files.delete(file);
      await("");
      Files.writeString(file, "back!");
      await("back!");
    }
  }

  @Test
  void configMap_linkOfTheFolderExchanged_isSeen() throws Exception {
    Files.createDirectories(root.resolve("map/..1"));
    Files.createDirectories(root.resolve("map/..2"));
    Files.writeString(root.resolve("map/..1/role.conf"), "one");
    Files.writeString(root.resolve("map/..2/role.conf"), "two");
    Path data = Files.createSymbolicLink(root.resolve("map/..data"), Path.of("..1"));
    Path mounted =
        Files.createSymbolicLink(root.resolve("map/role.conf"), Path.of("..data/role.conf"));
    try (FileWatch _ = watch(mounted)) {
      Path fresh = Files.createSymbolicLink(root.resolve("map/..data_tmp"), Path.of("..2"));
      Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
      await("two");
      Files.writeString(root.resolve("map/..2/role.conf"), "more");
      await("more");
    }
  }

  @Test
  void missingFolder_madeLater_isSeen() throws Exception {
    Path later = root.resolve("etc/photos/role.conf");
    try (FileWatch _ = watch(later)) {
      Files.createDirectories(later.getParent());
      Files.writeString(later, "here");
      await("here");
    }
  }

  @Test
  void callback_thatThrows_isCalledAgain() throws Exception {
    try (FileWatch _ =
        FileWatch.start(
            file,
            () -> {
              seen.add(text(file));
              throw new IllegalStateException("as the test wants");
            })) {
      Files.writeString(file, "a");
      await("a");
      Files.writeString(file, "b");
      await("b");
    }
  }

  private FileWatch watch(Path path) {
    return FileWatch.start(path, () -> seen.add(text(path)));
  }

  private void await(String text) throws InterruptedException {
    String last = "nothing";
    while (!last.equals(text)) {
      String next = seen.poll(20, TimeUnit.SECONDS);
      assertNotNull(next, "not told of '" + text + "', last of '" + last + "'");
      last = next;
    }
    assertEquals(text, last);
  }

  private static String text(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException missing) {
      return "";
    }
  }
}
