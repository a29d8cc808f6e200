package io.rolehost.runtime.flight;

/** Whether a recording can want anything. Loads next to nothing of the recorder. Any thread. */
final class Recorder {

  private static final boolean PRESENT =
      ModuleLayer.boot().findModule("jdk.jfr").isPresent(); // a runtime image may lack it

  private Recorder() {}

  /** Returns whether there has been a recording; without one no event may be made. */
  static boolean isOn() {
    return PRESENT && jdk.jfr.FlightRecorder.isInitialized();
  }
}
