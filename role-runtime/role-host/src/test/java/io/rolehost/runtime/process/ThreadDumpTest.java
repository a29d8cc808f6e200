package io.rolehost.runtime.process;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.runtime.config.Json;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class ThreadDumpTest {

  @Test
  void json_withVirtualThread_namesIt() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Thread thread =
        Thread.ofVirtual()
            .name("a-virtual-one")
            .start(() -> {
              running.countDown();
              try {
                end.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    running.await();
    try {
      String dump = ThreadDump.json();

      assertTrue(Json.parse(dump).containsKey("threadDump"));
      assertTrue(dump.contains("a-virtual-one"));
      assertTrue(ThreadDump.text(thread).startsWith("\"a-virtual-one\" #" + thread.threadId()));
    } finally {
      end.countDown();
      thread.join();
    }
  }

  @Test
  void platformThreads_whereTheRestCanNotBeHad_areJsonThatSaysSo() {
    String dump = ThreadDump.platformThreads("no room");

    assertTrue(Json.parse(dump).containsKey("threadDump"));
    assertTrue(dump.contains("\"note\":\"no room\""), dump);
  }
}
