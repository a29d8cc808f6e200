package io.rolehost.runtime.lifecycle;

/**
 * What happens to a host. The shell sends one for each effect it has performed, and for the world.
 */
public sealed interface HostEvent {

  /** The configuration is read, the lock is held, the management plane is up. */
  record ManagementUp() implements HostEvent {}

  /** What the freeze sources say at a check. */
  record FreezeAnswer(int check, boolean frozen) implements HostEvent {}

  /** All simple startup tasks ended with 0. */
  record StartupTasksDone() implements HostEvent {}

  /** A simple startup task failed, or what it left behind is no valid configuration. */
  record PrepareFailed(StopCause cause) implements HostEvent {}

  /** The configuration is as the startup tasks left it, if need be read again. */
  record ConfigReloaded() implements HostEvent {}

  /** {@code onStart} returned. */
  record StartReturned(boolean accepted) implements HostEvent {}

  /** {@code onStart}, or finding and building the role, failed. */
  record StartFailed(StopCause cause) implements HostEvent {}

  /**
   * {@code onApplicationStart} returned and the listeners are open.
   *
   * @param serves whether there are listeners at all
   */
  record ApplicationStarted(boolean serves) implements HostEvent {}

  /** {@code onApplicationStart} threw, or a listener could not be opened. */
  record ApplicationFailed(StopCause cause) implements HostEvent {}

  /** {@code run} returned. */
  record RunReturned() implements HostEvent {}

  /** {@code run} threw. */
  record RunFailed(StopCause cause) implements HostEvent {}

  /** A busy lease or a gating task came or went. */
  record BusyChanged(boolean busy) implements HostEvent {}

  /** A task stands still past its soft limit, or none does any more. */
  record SuspectChanged(boolean suspect) implements HostEvent {}

  /** Somebody, or something, asks for a stop. */
  record StopAsked(StopCause cause) implements HostEvent {}

  /** A signal that asks for a stop: TERM, INT, or HUP on a terminal. */
  record SignalReceived(String name) implements HostEvent {}

  /**
   * User code called {@code System.exit}; its thread never returns.
   *
   * @param caller what the thread was doing
   */
  record ExitCalled(int status, Caller caller) implements HostEvent {}

  /** {@code onStop} asks for more time. */
  record ExtensionAsked(long nanos) implements HostEvent {}

  /** The drain has come to its end. */
  record DrainDone() implements HostEvent {}

  /**
   * A step of the stop is done.
   *
   * @param failed whether what it called threw
   */
  record StepDone(StopStep step, boolean failed) implements HostEvent {}

  /**
   * Every task has left.
   *
   * @param abandoned how many did not answer and were fenced
   */
  record TasksLeft(int abandoned) implements HostEvent {}

  /** A timer that was armed is due. */
  record TimerFired(Timer timer) implements HostEvent {}

  /** Out of memory, or another error of the virtual machine, on any thread. */
  record VmErrorThrown(String text) implements HostEvent {}

  /** What a thread that called {@code System.exit} was doing. */
  enum Caller {
    ON_START,
    ON_APPLICATION_START,
    RUN,
    ON_APPLICATION_END,
    ON_STOP,
    CLOSE,
    OTHER
  }
}
