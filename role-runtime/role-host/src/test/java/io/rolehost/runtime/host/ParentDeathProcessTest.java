package io.rolehost.runtime.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class ParentDeathProcessTest {

  @TempDir Path folder;

  @Test
  @Tag("long") // the host asks the kernel ten seconds after its start
  @EnabledOnOs(OS.LINUX)
  void host_whoseStartingThreadEnds_goesOn() throws Exception {
    FutureTask<HostProcess> start =
        new FutureTask<>(() ->
            HostProcess.of(Roles.Plain.class, folder)
                .childOfNode()
                .option("--enable-native-access=ALL-UNNAMED")
                .set("rolehost.log.level", "debug")
                .start()
                .awaitOutput("tells of the end of the node's thread: true"));
    Thread node = Thread.ofPlatform().start(start);
    try (HostProcess host = start.get(90, TimeUnit.SECONDS)) {
      node.join();
      host.signal("URG").awaitReady();
      host.signal("TERM");
      assertEquals(0, host.exitCode());
      assertTrue(host.events().contains("onStop SIGNAL"), host::output);
    }
  }
}
