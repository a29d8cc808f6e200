package io.rolehost.runtime.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/** Finds the process that listens on a port. On Linux only, and only among processes we may see. */
public final class PortHolder {

  private static final String LISTENING = "0A";

  private final Path proc;

  PortHolder(Path proc) {
    this.proc = proc;
  }

  /** Returns the pid of whoever listens on {@code port}, if that is easily known. */
  public static OptionalLong of(int port) {
    return new PortHolder(Path.of("/proc")).find(port);
  }

  OptionalLong find(int port) {
    Set<String> sockets = new HashSet<>();
    for (String table : List.of("net/tcp", "net/tcp6")) {
      sockets.addAll(listening(proc.resolve(table), port));
    }
    if (sockets.isEmpty()) {
      return OptionalLong.empty();
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        if (holds(process.resolve("fd"), sockets)) {
          return OptionalLong.of(Long.parseLong(process.getFileName().toString()));
        }
      }
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty(); // it only makes a message better
    }
    return OptionalLong.empty();
  }

  /**
   * Columns of proc(5): number, local address, remote address, state, …, the tenth is the inode.
   */
  private static Set<String> listening(Path table, int port) {
    Set<String> sockets = new HashSet<>();
    String suffix = String.format(Locale.ROOT, ":%04X", port);
    try {
      for (String line : Files.readAllLines(table)) {
        List<String> columns = List.of(line.strip().split("\\s+", -1));
        if (columns.size() > 9
            && columns.get(1).endsWith(suffix)
            && columns.get(3).equals(LISTENING)) {
          sockets.add("socket:[" + columns.get(9) + "]");
        }
      }
    } catch (IOException e) {
      return Set.of(); // no such table here
    }
    return sockets;
  }

  private static boolean holds(Path descriptors, Set<String> sockets) {
    try (DirectoryStream<Path> links = Files.newDirectoryStream(descriptors)) {
      for (Path link : links) {
        if (sockets.contains(Files.readSymbolicLink(link).toString())) {
          return true;
        }
      }
    } catch (IOException e) {
      return false; // another user's process, or one that has just ended
    }
    return false;
  }
}
