package io.rolehost.runtime.process;

import java.util.List;
import java.util.Optional;

/**
 * What a thread dump says of one thread that has to do with a monitor. A monitor is named by class
 * and identity hash: {@code com.example.Cache@1b2c3d}.
 *
 * @param id the thread's
 * @param name the thread's; may be empty
 * @param blockedOn the monitor that it waits to enter
 * @param waitingOn the monitor in whose {@code wait} it is
 * @param owned the monitors that it has entered and not left. One in whose {@code wait} it is, or
 *     which it is to enter again after that, is among them although anybody may enter it
 * @param stack innermost frame first, at most 64
 */
public record ThreadFacts(
    long id,
    String name,
    Optional<String> blockedOn,
    Optional<String> waitingOn,
    List<String> owned,
    List<String> stack) {

  /** Takes copies. */
  public ThreadFacts {
    owned = List.copyOf(owned);
    stack = List.copyOf(stack);
  }
}
