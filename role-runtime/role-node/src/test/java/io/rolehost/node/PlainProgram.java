package io.rolehost.node;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** A Java program that is no role host. */
final class PlainProgram {

  private PlainProgram() {}

  /**
   * Ends with a code; or says what it may use and listens at its port while a file is there.
   *
   * @param args the code, or the file
   */
  public static void main(String[] args) throws Exception {
    if (args[0].equals("end")) {
      System.exit(Integer.parseInt(args[1]));
    }
    System.out.println(
        "heap "
            + Runtime.getRuntime().maxMemory() / (1 << 20)
            + " processors "
            + Runtime.getRuntime().availableProcessors()
            + " port "
            + System.getenv("PORT_HTTP"));
    Path open = Path.of(args[1]);
    while (true) {
      awaitFile(open, true);
      try (ServerSocket _ = new ServerSocket(Integer.parseInt(System.getenv("PORT")))) {
        awaitFile(open, false);
      }
    }
  }

  private static void awaitFile(Path file, boolean there) throws InterruptedException {
    while (Files.exists(file) != there) {
      Thread.sleep(10); // a file can't be waited for otherwise
    }
  }
}
