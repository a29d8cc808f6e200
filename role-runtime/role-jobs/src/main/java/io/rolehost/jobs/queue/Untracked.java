package io.rolehost.jobs.queue;

import io.rolehost.jobs.JobStatus;
import java.util.Optional;

/** Keeps nothing. What needs keeping is refused. */
public final class Untracked implements Tracking {

  private static final Entry GO = new Entry.Go(new Nothing(), false);

  /** Has no state. */
  public Untracked() {}

  @Override
  public Admission admit(Dispatch dispatch, Optional<Window> window) {
    throw new UnsupportedOperationException(
        "This role has no ledger: tracked(), and keys with a time, need one");
  }

  @Override
  public void sent(Dispatch dispatch, Optional<Window> window) {}

  @Override
  public void withdraw(Dispatch dispatch, Optional<Window> window) {}

  @Override
  public Entry begin(String queue, Letter letter, int attempt) {
    return GO;
  }

  @Override
  public void buried(Letter letter, String failure) {}

  @Override
  public void redriven(Letter letter) {}

  private static final class Nothing implements AttemptRecord {

    @Override
    public void progress(JobStatus.Progress progress) {}

    @Override
    public void checkpoint(String position) {
      throw new UnsupportedOperationException("This role has no ledger: checkpoints need one");
    }

    @Override
    public Optional<String> checkpoint() {
      return Optional.empty();
    }

    @Override
    public void check() {}

    @Override
    public void done(Optional<String> result) {}

    @Override
    public void again(String failure) {}

    @Override
    public void dead(String failure) {}

    @Override
    public void givenBack() {}

    @Override
    public void cancelled() {}
  }
}
