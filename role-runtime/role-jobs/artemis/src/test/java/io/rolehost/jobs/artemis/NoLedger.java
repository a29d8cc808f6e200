package io.rolehost.jobs.artemis;

import io.rolehost.jobs.JobStatus;
import io.rolehost.jobs.queue.Dispatch;
import io.rolehost.jobs.queue.Letter;
import io.rolehost.jobs.queue.Tracking;
import java.util.Optional;

/** For tests of queues alone. */
final class NoLedger implements Tracking {

  private static final AttemptRecord NOTHING =
      new AttemptRecord() {
        @Override
        public void progress(JobStatus.Progress progress) {}

        @Override
        public void checkpoint(String position) {}

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
      };

  @Override
  public Admission admit(Dispatch dispatch, Optional<Window> window) {
    return new Admission.Fresh();
  }

  @Override
  public void sent(Dispatch dispatch, Optional<Window> window) {}

  @Override
  public void withdraw(Dispatch dispatch, Optional<Window> window) {}

  @Override
  public Entry begin(String queue, Letter letter, int attempt) {
    return new Entry.Go(NOTHING, false);
  }

  @Override
  public void buried(Letter letter, String failure) {}

  @Override
  public void redriven(Letter letter) {}
}
