package io.rolehost.node.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a role host wrote down about its own end: the last line of its journal. */
public final class LastEnd {
  // More than the longest line of a journal.
  private static final int TAIL_BYTES = 128 * 1024;

  private LastEnd() {}

  /**
   * Returns whether the last end was one that {@code rolehost.run.on-return = stop} asks for. No if
   * that can't be found out: then the instance is started again, which is the lesser harm.
   */
  public static boolean isByOnReturn(Path stateDir, String instanceId) {
    try {
      Map<String, Object> entry =
          Json.read(lastLine(stateDir.resolve("journal").resolve(instanceId + ".jsonl")));
      return "end".equals(entry.get("type"))
          && entry.get("detail") instanceof Map<?, ?> detail
          && "RUN_RETURNED".equals(detail.get("reason"))
          && "0".equals(String.valueOf(detail.get("code")));
    } catch (IOException e) {
      return false;
    }
  }

  private static String lastLine(Path file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(Math.max(0, in.length() - TAIL_BYTES));
      byte[] bytes = new byte[(int) (in.length() - in.getFilePointer())];
      in.readFully(bytes);
      List<String> lines = new String(bytes, UTF_8).lines().toList();
      return lines.isEmpty() ? "" : lines.getLast();
    }
  }
}
