package io.rolehost.runtime.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import io.rolehost.api.Task;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator steers one task, and the others go on. */
final class TaskVerbProcessTest {

  @TempDir Path folder;

  /** Two tasks that wait for the stop. */
  public static final class Pair implements Role {
    @Override
    public boolean onStart(RoleContext context) {
      for (String name : new String[] {"left", "right"}) {
        var _ = context.tasks().start(Task.named(name).body(task -> task.stopToken().await()));
      }
      return true;
    }
  }

  @Test
  void task_restartedStoppedAndStarted_leavesTheOtherAlone() {
    try (HostProcess host = HostProcess.of(Pair.class, folder).start()) {
      host.awaitReady();

      assertEquals(202, post(host, "left", "restart"));
      host.await("a second attempt", () -> is(host, "left", "RUNNING", 2));
      assertEquals(202, post(host, "left", "stop"));
      host.await("it has left", () -> is(host, "left", "DONE", 2));
      assertEquals(202, post(host, "left", "start"));
      host.await("it begins again", () -> is(host, "left", "RUNNING", 1));
      assertEquals(409, post(host, "left", "start"));
      assertEquals(404, post(host, "nobody", "restart"));
      assertEquals(400, post(host, "left", "kick"));

      assertTrue(is(host, "right", "RUNNING", 1));
      assertEquals(0, host.signal("TERM").exitCode(), host.output());
    }
  }

  private static int post(HostProcess host, String task, String verb) {
    HttpResponse<String> response = host.write("POST", "/task?name=" + task + "&do=" + verb, "");
    assertNotNull(response);
    return response.statusCode();
  }

  private static boolean is(HostProcess host, String name, String state, int attempt) {
    for (Config task : host.facts().getConfigList("tasks")) {
      if (task.getString("name").equals(name)) {
        return task.getString("state").equals(state) && task.getInt("attempt") == attempt;
      }
    }
    return false;
  }
}
