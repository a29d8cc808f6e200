package io.rolehost.runtime.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ProcessFactsTest {

  @Test
  void values_ofThisProcess_areThere() {
    Map<String, Object> values = ProcessFacts.values();

    assertEquals(ProcessHandle.current().pid(), values.get("pid"));
    assertTrue(
        values
            .keySet()
            .containsAll(
                Set.of("uptimeSeconds", "heapUsedBytes", "cpuSeconds", "threads", "javaVersion")));
  }

  @Test
  void residentBytes_ofStatus_isInBytes() {
    assertEquals(
        OptionalLong.of(2048),
        ProcessFacts.residentBytes(List.of("VmPeak:\t 9 kB", "VmRSS:\t       2 kB")));
    assertEquals(OptionalLong.empty(), ProcessFacts.residentBytes(List.of("Name:\tjava")));
  }

  @Test
  void jdwp_byArgumentOrVariable_isSeen() {
    assertTrue(ProcessFacts.isJdwp(List.of("-agentlib:jdwp=transport=dt_socket"), Map.of()));
    assertTrue(
        ProcessFacts.isJdwp(List.of(), Map.of("JAVA_TOOL_OPTIONS", "-Xmx1g -agentlib:jdwp=x")));
    assertFalse(ProcessFacts.isJdwp(List.of("-jar", "jdwp.jar"), Map.of()));
  }
}
