package io.rolehost.runtime.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.api.Task;
import io.rolehost.api.TaskBody;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever looks for deadlocks and spinning bodies says nothing of tasks that only work hard. */
final class StallSoakProcessTest {

  @TempDir Path folder;

  /**
   * Tasks that get in each other's way by locks and monitors, always in one order; wait for bytes,
   * for each other and for permits; and compute a little. Each counts as standing still from its
   * first second on, since it never moves on from its position.
   */
  public static final class Busy implements Role {
    private static final Object OUTER = new Object();
    private static final Object INNER = new Object();
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final ReentrantReadWriteLock BOOK = new ReentrantReadWriteLock();
    private static final Semaphore PERMITS = new Semaphore(2);
    private static final SynchronousQueue<Integer> HANDED = new SynchronousQueue<>();
    private static volatile long sink;

    /** What a task does again and again. */
    private interface Step {
      void take() throws Exception;
    }

    @Override
    public boolean onStart(RoleContext context) throws Exception {
      for (int i = 0; i < 4; i++) {
        again(context, "nested-monitors-" + i, Busy::nestedMonitors);
        again(context, "monitor-then-lock-" + i, Busy::monitorThenLock);
        again(context, "locks-" + i, Busy::locks);
        again(context, "permits-" + i, Busy::permits);
        again(context, "futures-" + i, Busy::futures);
        again(context, "spins-a-little-" + i, () -> spin(Duration.ofMillis(2)));
      }
      again(context, "waits-in-a-monitor", Busy::waitInMonitor);
      again(context, "hands-over", () -> HANDED.put(1));
      again(context, "takes-over", () -> sink = HANDED.take());
      echo(context);
      return true;
    }

    private static void again(RoleContext context, String name, Step step) {
      start(
          context,
          name,
          task -> {
            task.progress(1);
            while (!task.stopToken().isStopRequested()) {
              step.take();
              pause();
            }
          });
    }

    private static void start(RoleContext context, String name, TaskBody body) {
      var _ = context.tasks().start(Task.named(name).body(body).stopWithin(Duration.ofSeconds(1)));
    }

    private static void nestedMonitors() {
      synchronized (OUTER) {
        pause();
        synchronized (INNER) {
          spin(Duration.ofNanos(200_000));
        }
      }
    }

    private static void monitorThenLock() throws InterruptedException {
      synchronized (INNER) {
        LOCK.lockInterruptibly();
        try {
          pause();
        } finally {
          LOCK.unlock();
        }
      }
    }

    private static void locks() throws InterruptedException {
      boolean write = ThreadLocalRandom.current().nextInt(4) == 0;
      var lock = write ? BOOK.writeLock() : BOOK.readLock();
      LOCK.lockInterruptibly();
      try {
        lock.lockInterruptibly();
        try {
          pause();
        } finally {
          lock.unlock();
        }
      } finally {
        LOCK.unlock();
      }
    }

    private static void permits() throws InterruptedException {
      PERMITS.acquire();
      try {
        pause();
      } finally {
        PERMITS.release();
      }
    }

    private static void futures() throws Exception {
      CompletableFuture<Integer> answer = new CompletableFuture<>();
      Thread helper = Thread.ofVirtual().start(() -> answer.complete(7));
      sink = answer.get();
      helper.join();
    }

    private static void waitInMonitor() throws InterruptedException {
      synchronized (OUTER) {
        long end = System.nanoTime() + Duration.ofMillis(20).toNanos();
        while (System.nanoTime() - end < 0) {
          OUTER.wait(5);
        }
      }
    }

    /** Two tasks send each other bytes over a real connection. */
    private static void echo(RoleContext context) throws Exception {
      ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      AutoCloseable _ = context.closeOnStop(server);
      start(
          context,
          "answers",
          task -> {
            task.progress(1);
            try (Socket socket = server.accept()) {
              task.stopToken().onStop(() -> close(socket));
              InputStream in = socket.getInputStream();
              OutputStream out = socket.getOutputStream();
              for (int read = in.read(); read >= 0; read = in.read()) {
                pause();
                out.write(read);
              }
            }
          });
      start(
          context,
          "asks",
          task -> {
            task.progress(1);
            try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
              while (!task.stopToken().isStopRequested()) {
                socket.getOutputStream().write(1);
                sink = socket.getInputStream().read();
              }
            }
          });
    }

    private static void close(Socket socket) {
      try {
        socket.close();
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    private static void pause() {
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(2_000_000));
    }

    private static void spin(Duration length) {
      long end = System.nanoTime() + length.toNanos();
      while (System.nanoTime() - end < 0) {
        sink = sink * 31 + 7;
      }
    }
  }

  @Test
  void busyTasks_forTenSeconds_raiseNoAlarm() {
    soak(Duration.ofSeconds(10));
  }

  @Test
  @Tag("long")
  void busyTasks_forAnHour_raiseNoAlarm() {
    soak(Duration.ofSeconds(Long.getLong("test.soak.seconds", 3600)));
  }

  private void soak(Duration length) {
    try (HostProcess host =
        HostProcess.of(Busy.class, folder).option("--enable-native-access=ALL-UNNAMED").start()) {
      host.awaitReady();
      long end = System.nanoTime() + length.toNanos();
      while (System.nanoTime() - end < 0) {
        assertTrue(host.isAlive(), host.output());
        LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
      }
      String metrics = host.get("/metrics");
      assertTrue(metrics.contains("rolehost_deadlocks_total 0.0"), host.output());
      assertTrue(metrics.contains("rolehost_carriers_held_total 0.0"), host.output());
      assertFalse(host.output().contains("deadlock"), host.output());
      assertFalse(host.output().contains("attempt 2"), host.output());
      assertEquals(0, host.signal("TERM").exitCode(), host.output());
    }
  }
}
