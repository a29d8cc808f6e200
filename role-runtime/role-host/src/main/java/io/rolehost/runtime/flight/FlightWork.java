package io.rolehost.runtime.flight;

import io.rolehost.api.Work;
import io.rolehost.api.WorkObserver;

/** Makes an event for the Flight Recorder of each piece of work, while a recording runs. */
public final class FlightWork implements WorkObserver {

  /** Called by {@code ServiceLoader}. */
  public FlightWork() {}

  @Override
  public Observed begins(Work work) {
    return Recorder.isOn() ? Recording.begun(work) : Observed.NOBODY;
  }
}
