package io.rolehost.runtime.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Ends processes with all they started. A process whose parent has left is no longer found as a
 * descendant; what a marked variable in its environment tells (Linux) finds it all the same.
 */
final class ProcessTree {
  private static final Path PROC = Path.of("/proc");

  private ProcessTree() {}

  /**
   * Sends TERM to the roots, their descendants and every process marked, and KILL to those that are
   * there when {@code patience} is over. Blocks that long at most.
   *
   * @param mark {@code NAME=value} as it stands in the environment of what the roots start
   */
  static void end(Set<ProcessHandle> roots, String mark, Duration patience) {
    Set<ProcessHandle> known = members(roots, mark);
    known.forEach(ProcessHandle::destroy);
    awaitAll(known, patience);
    // Once more: what was forked in between is new, what ignored TERM is still there.
    known.addAll(members(known, mark));
    known.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
  }

  private static Set<ProcessHandle> members(Set<ProcessHandle> roots, String mark) {
    Set<ProcessHandle> members = new LinkedHashSet<>();
    for (ProcessHandle root : roots) {
      members.add(root);
      root.descendants().forEach(members::add);
    }
    addMarked(members, mark);
    members.remove(ProcessHandle.current());
    return members;
  }

  private static void addMarked(Set<ProcessHandle> members, String mark) {
    if (!Files.isDirectory(PROC.resolve("self"))) {
      return;
    }
    byte[] wanted = (mark + "\0").getBytes(UTF_8);
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      all.filter(process -> isMarked(process.pid(), wanted)).forEach(members::add);
    }
  }

  private static boolean isMarked(long pid, byte[] wanted) {
    byte[] environment;
    try {
      environment = Files.readAllBytes(PROC.resolve(Long.toString(pid)).resolve("environ"));
    } catch (IOException e) {
      return false; // gone meanwhile, or somebody else's
    }
    for (int start = 0; start + wanted.length <= environment.length; ) {
      if (Arrays.equals(environment, start, start + wanted.length, wanted, 0, wanted.length)) {
        return true;
      }
      while (start < environment.length && environment[start] != 0) {
        start++;
      }
      start++;
    }
    return false;
  }

  private static void awaitAll(Set<ProcessHandle> processes, Duration patience) {
    CompletableFuture<?>[] ends =
        processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
    try {
      var _ = CompletableFuture.allOf(ends).get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // What is still there gets KILL.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
