package io.rolehost.runtime.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class TerminationMessageTest {

  @TempDir Path folder;

  @AfterEach
  void unbind() {
    TerminationMessage.bind(Optional.empty(), "");
  }

  @Test
  void text_thatIsTooLong_isCutBetweenTwoCharacters() {
    String text = "x".repeat(TerminationMessage.MAX_BYTES - 3);
    assertEquals(text + "é", UTF_8.decode(TerminationMessage.bytes(text + "éé")).toString());
    assertEquals(text, UTF_8.decode(TerminationMessage.bytes(text + "😀 and more")).toString());
    assertEquals(
        text + "abc", UTF_8.decode(TerminationMessage.bytes(text + "abcdefghijk")).toString());
    assertEquals("?", UTF_8.decode(TerminationMessage.bytes("\ud83d")).toString());
  }

  @Test
  void message_thatIsWrittenAgain_replacesTheFirstInTheSameFile() throws Exception {
    Path file = Files.writeString(folder.resolve("message"), "what was there before, and longer");
    Object key = requireNonNull(Files.readAttributes(file, "unix:ino").get("ino"));
    TerminationMessage.bind(Optional.of(file), "web_IN_0");
    TerminationMessage.bound().write(" is the first");
    TerminationMessage.bound().write(" ends");
    TerminationMessage.bound().writeIfNone(" says no more");
    assertEquals("web_IN_0 ends", Files.readString(file));
    assertEquals(key, Files.readAttributes(file, "unix:ino").get("ino"));
  }

  @Test
  void file_thatCantBeWritten_changesNothing() throws Exception {
    Path missing = folder.resolve("no");
    TerminationMessage.bind(Optional.of(missing.resolve("such/message")), "web_IN_0");
    TerminationMessage.bound().write(" ends");
    assertFalse(Files.exists(missing));
    TerminationMessage.bind(Optional.of(Path.of("/dev/no-such-termination-log")), "web_IN_0");
    TerminationMessage.bound().writeHere(" ends");
    assertFalse(Files.exists(Path.of("/dev/no-such-termination-log")));
    TerminationMessage.bind(Optional.of(folder), "web_IN_0");
    TerminationMessage.bound().writeHere(" ends");
  }

  /** Opening it would wait for a reader that never comes. */
  @Test
  void file_thatIsAPipe_isLeftAlone() throws Exception {
    Path pipe = folder.resolve("pipe");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "mkfifo is not installed here");
    Process made = new ProcessBuilder("mkfifo", pipe.toString()).start();
    assumeTrue(made.waitFor(30, TimeUnit.SECONDS) && made.exitValue() == 0, "no pipe can be made");
    TerminationMessage.bind(Optional.of(pipe), "web_IN_0");
    TerminationMessage.bound().writeHere(" ends");
  }
}
