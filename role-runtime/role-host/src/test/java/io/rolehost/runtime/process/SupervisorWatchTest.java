package io.rolehost.runtime.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class SupervisorWatchTest {
  private static final String PARENT =
      ProcessHandle.current().parent().map(p -> Long.toString(p.pid())).orElse("1");

  private final BlockingQueue<String> lost = new LinkedBlockingQueue<>();

  @Test
  void input_ends_isToldOnce() throws Exception {
    PipedOutputStream node = new PipedOutputStream();
    try (var _ =
        SupervisorWatch.start(
            Map.of("ROLEHOST_NODE", PARENT), new PipedInputStream(node), lost::add)) {
      node.write("what a node might say".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      node.close();

      assertEquals(
          "standard input ended, so node " + PARENT + " is gone", lost.poll(30, TimeUnit.SECONDS));
    }
    assertEquals(0, lost.size());
  }

  @Test
  void node_goneBeforeTheFirstLook_isTold() throws Exception {
    Process process = new ProcessBuilder("true").start();
    var _ = process.waitFor();
    String node = Long.toString(process.pid());
    try (var _ =
        SupervisorWatch.start(
            Map.of("ROLEHOST_NODE", node),
            new PipedInputStream(new PipedOutputStream()),
            lost::add)) {
      assertEquals(
          "there is no process " + node + " any more, which is the node's",
          lost.poll(30, TimeUnit.SECONDS));
    }
  }

  @Test
  void host_notOfANode_leavesInputAlone() throws Exception {
    InputStream stdin = new ByteArrayInputStream(new byte[] {1});
    try (var _ = SupervisorWatch.start(Map.of(), stdin, lost::add)) {
      assertEquals(1, stdin.available());
    }
    assertNull(lost.poll());
  }
}
