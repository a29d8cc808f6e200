package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What several instances tell of the queues that they share. */
final class JobsQueuesTest {

  private static JobHosts.Reply reply(String instance, Map<String, Object> row) {
    return new JobHosts.Reply(instance, 200, Map.of("queues", List.of(row)));
  }

  @Test
  void queueOfTwoWorkersAndASender_isOneRow_withWhatBothDid() {
    Map<String, Map<String, Object>> queues =
        JobsQueues.merged(
            List.of(
                reply("web_IN_0", Map.of("queue", "photos", "waiting", 9, "handled", false)),
                reply(
                    "worker_IN_0",
                    Map.of("queue", "photos", "waiting", 7, "handled", true, "done", 40)),
                reply(
                    "worker_IN_1",
                    Map.of("queue", "photos", "waiting", 7, "handled", true, "done", 2))));

    assertEquals(
        Map.of(
            "photos",
            Map.of(
                "queue",
                "photos",
                "waiting",
                7,
                "done",
                42L,
                "handledBy",
                List.of("worker_IN_0", "worker_IN_1"))),
        queues);
    assertEquals("", JobsQueues.state(queues.getOrDefault("photos", Map.of())));
  }

  @Test
  void state_ofAQueue_saysWhatAnOperatorHasToKnow() {
    assertEquals(
        "nobody takes from it; 3 parked: nobody knows their type",
        JobsQueues.state(Map.of("handledBy", List.of(), "parked", 3)));
    assertEquals(
        "paused: by anna: INC-7",
        JobsQueues.state(Map.of("handledBy", List.of("w"), "paused", "by anna: INC-7")));
  }
}
