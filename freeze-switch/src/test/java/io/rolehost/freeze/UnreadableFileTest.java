package io.rolehost.freeze;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rolehost.freeze.SourceAnswer.Knowledge;
import io.rolehost.freeze.command.FreezeSwitchMain;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A freeze file that can't be read or written: clear words, and the last answer is kept. */
final class UnreadableFileTest {

  @TempDir private Path folder = Path.of("");

  /** What stands in the file's place. */
  enum InItsPlace {
    DIRECTORY("it is a directory; a text file is expected") {
      @Override
      void put(Path file) throws IOException {
        Files.createDirectory(file);
      }
    },
    LINK_TO_ITSELF("symbolic links") {
      @Override
      void put(Path file) throws IOException {
        Files.createSymbolicLink(file, file);
      }
    },
    NO_HOCON("freeze.conf: 2") {
      @Override
      void put(Path file) throws IOException {
        Files.writeString(file, "freezes = [\n { scope = ]");
      }
    },
    NO_LIST("freezes") {
      @Override
      void put(Path file) throws IOException {
        Files.writeString(file, "freezes = 7");
      }
    },
    NOTHING_IN_IT("empty") {
      @Override
      void put(Path file) throws IOException {
        Files.writeString(file, "");
      }
    },
    FAR_TOO_MUCH("at most 1048576 are read") {
      @Override
      void put(Path file) throws IOException {
        Files.write(file, new byte[TextFile.LARGEST + 1]);
      }
    };

    private final String words;

    InItsPlace(String words) {
      this.words = words;
    }

    abstract void put(Path file) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void answer_neverRead_freezesAndSaysWhatIsWrong(InItsPlace found) throws IOException {
    found.put(file());
    try (FileSource source = new FileSource(file())) {
      SourceAnswer answer = source.answer();
      assertInstanceOf(Knowledge.Unknown.class, answer.knowledge());
      String said = answer.knowledge().problem().orElseThrow();
      assertTrue(said.contains(file().toString()) && said.contains(found.words), said);
      String reason = answer.freezes().getFirst().reason();
      assertTrue(reason.contains("repair or delete it"), reason);
    }
  }

  @ParameterizedTest
  @EnumSource
  void answer_readBefore_keepsTheLastAndSaysSinceWhen(InItsPlace found) throws IOException {
    try (FileSource source = new FileSource(file())) {
      source.put(freeze());
      Files.delete(file());
      found.put(file());
      SourceAnswer answer = source.answer();
      assertEquals(List.of(freeze()), answer.freezes());
      Knowledge.Stale stale = assertInstanceOf(Knowledge.Stale.class, answer.knowledge());
      String said = stale.problem().orElseThrow();
      assertTrue(
          said.startsWith("stale since " + stale.since()) && said.contains(found.words), said);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void status_withoutPermission_saysWhatToDo() throws Exception {
    try (FileSource source = new FileSource(file())) {
      source.put(freeze());
    }
    var _ = Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("---------"));
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name", "").equals("root")) {
      assumeTrue(
          Files.isExecutable(Path.of("/usr/bin/setpriv")), "root may read all; no setpriv here");
      command.addAll(List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search"));
    }
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            FreezeSwitchMain.class.getName(),
            "status",
            "--state-dir",
            folder.toString()));
    Process status = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(status.getInputStream().readAllBytes(), UTF_8);
    assertTrue(status.waitFor(1, TimeUnit.MINUTES), "status hangs");
    assertEquals(75, status.exitValue(), said);
    assertTrue(
        said.contains(
            file()
                + " can't be read: permission denied; let the user that runs this process read it"),
        said);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void put_onAFullDisk_saysSoAndKeepsWhatIsStored() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", disk) == 0,
        "only root can mount a disk, where the machine lets it");
    try (FileSource source = new FileSource(disk.resolve("freeze.conf"))) {
      source.put(freeze());
      fill(disk.resolve("filler"));

      Freeze another = Freeze.of("2", new Scope.All(), "ben", "lost", Instant.EPOCH);
      IOException said = assertThrows(IOException.class, () -> source.put(another));

      String message = String.valueOf(said.getMessage());
      assertTrue(message.startsWith("Nothing was stored in " + source.file()), message);
      assertTrue(message.contains("No space left on device"), message);
      assertEquals(SourceAnswer.known(List.of(freeze())), source.answer());

      Files.delete(disk.resolve("filler"));
      source.put(another);
      assertEquals(List.of(freeze(), another), source.answer().freezes());
    } finally {
      assertEquals(0, run("umount", "-l", disk));
    }
  }

  private static void fill(Path filler) {
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(new byte[4096]);
      }
    } catch (IOException full) {
      // That was the aim.
    }
  }

  private static int run(Object... words) throws Exception {
    List<String> command = new ArrayList<>();
    for (Object word : words) {
      command.add(word.toString());
    }
    return new ProcessBuilder(command).start().waitFor();
  }

  private Path file() {
    return folder.resolve("freeze.conf");
  }

  private static Freeze freeze() {
    return Freeze.of("1", new Scope.All(), "anna", "INC-7", Instant.EPOCH);
  }
}
