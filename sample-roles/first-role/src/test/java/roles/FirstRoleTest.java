package roles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.test.VirtualRole;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FirstRoleTest {

  @Test
  void sentence_ofThirdTime_saysSo() {
    assertEquals("hello, for the 3. time", FirstRole.sentence("hello", 3));
  }

  /** An hour of the role takes a moment: time moves only when the test says so. */
  @Test
  void role_runsForAnHour_speaksEveryTenSecondsAndStopsInOrder() {
    try (VirtualRole role =
        VirtualRole.of(new FirstRole())
            .config("first-role { words = hello, pause = 10 s }")
            .start()) {
      assertTrue(role.isReady());
      role.advance(Duration.ofHours(1));
      assertEquals(OptionalLong.of(361), role.tasks().getFirst().progress());
      assertEquals(0, role.stop().code());
    }
  }
}
