package io.rolehost.jobs.queue;

import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobStatus;
import io.rolehost.jobs.ledger.Claim;
import io.rolehost.jobs.ledger.Keys;
import io.rolehost.jobs.ledger.Ledger;
import io.rolehost.jobs.ledger.NewJob;
import java.time.Duration;
import java.util.Optional;

/** Keeps tracked jobs, and the checkpoints of all, in the ledger. */
public final class LedgerTracking implements Tracking {

  private final Ledger ledger;
  private final Duration keep;
  private volatile boolean used;

  /**
   * Opens nothing: the ledger is touched by the first job that needs it.
   *
   * @param keep how long the row of an ended job stays
   */
  public LedgerTracking(Ledger ledger, Duration keep) {
    this.ledger = ledger;
    this.keep = keep;
  }

  /** Returns whether this process has used the ledger for a job. */
  public boolean isUsed() {
    return used;
  }

  /**
   * Returns the message of a row that was created and may not have been sent.
   *
   * @throws IllegalArgumentException if the row does not hold one
   */
  public static Dispatch unsent(NewJob row) {
    return Payloads.value(row.message(), Dispatch.class);
  }

  @Override
  public Admission admit(Dispatch dispatch, Optional<Window> window) {
    used = true;
    JobId id = dispatch.letter().id();
    if (window.isPresent()) {
      Window key = window.get();
      Keys.Reservation reserved =
          ledger.keys().reserve(dispatch.queue(), key.key(), "", id, key.length());
      if (reserved instanceof Keys.Reservation.Known(JobId earlier, String _, boolean sent)) {
        return sent ? new Admission.Known(earlier) : new Admission.Again(earlier);
      }
    }
    return !dispatch.letter().tracked() || ledger.jobs().create(row(dispatch))
        ? new Admission.Fresh()
        : new Admission.Known(id);
  }

  private NewJob row(Dispatch dispatch) {
    return new NewJob(
        dispatch.letter().id(),
        dispatch.letter().type(),
        dispatch.queue(),
        Payloads.text(dispatch),
        keep);
  }

  @Override
  public void sent(Dispatch dispatch, Optional<Window> window) {
    if (dispatch.letter().tracked()) {
      ledger.jobs().sent(dispatch.letter().id());
    }
    window.ifPresent(key -> ledger.keys().sent(dispatch.queue(), key.key()));
  }

  @Override
  public void withdraw(Dispatch dispatch, Optional<Window> window) {
    if (dispatch.letter().tracked()) {
      ledger.jobs().withdraw(dispatch.letter().id());
    }
    window.ifPresent(key -> ledger.keys().release(dispatch.queue(), key.key()));
  }

  @Override
  public Entry begin(String queue, Letter letter, int attempt) {
    if (!letter.tracked()) {
      return new Entry.Go(new Adopted(queue, letter, attempt), false);
    }
    used = true;
    return switch (ledger.jobs().claim(letter.id(), attempt)) {
      case Claim.Owned(long epoch, boolean cancel) ->
          new Entry.Go(new Owned(letter.id(), epoch), cancel);
      case Claim.Over _ -> new Entry.Over();
      case Claim.Unknown() -> new Entry.Go(new Adopted(queue, letter, attempt), false);
    };
  }

  @Override
  public void buried(Letter letter, String failure) {
    if (letter.tracked()) {
      ledger.jobs().buried(letter.id(), failure);
    }
  }

  @Override
  public void redriven(Letter letter) {
    if (letter.tracked()) {
      boolean _ = ledger.jobs().redriven(letter.id());
    }
  }

  /** Of a job whose attempt has an epoch. */
  private final class Owned implements AttemptRecord {

    private final JobId id;
    private final long epoch;

    Owned(JobId id, long epoch) {
      this.id = id;
      this.epoch = epoch;
    }

    @Override
    public void progress(JobStatus.Progress progress) {
      ledger.jobs().progress(id, epoch, progress);
    }

    @Override
    public void checkpoint(String position) {
      ledger.checkpoints().save(id, epoch, position);
    }

    @Override
    public Optional<String> checkpoint() {
      return ledger.checkpoints().position(id);
    }

    @Override
    public void check() {
      ledger.jobs().check(id, epoch);
    }

    @Override
    public void done(Optional<String> result) {
      ledger.jobs().done(id, epoch, result);
    }

    @Override
    public void again(String failure) {
      ledger.jobs().failedAttempt(id, epoch, failure);
    }

    @Override
    public void dead(String failure) {
      ledger.jobs().failed(id, epoch, failure);
    }

    @Override
    public void givenBack() {
      ledger.jobs().givenBack(id, epoch);
    }

    @Override
    public void cancelled() {
      ledger.jobs().cancelled(id, epoch);
    }
  }

  /** Of a plain job: nothing, until its handler asks for a checkpoint. */
  private final class Adopted implements AttemptRecord {

    private final String queue;
    private final Letter letter;
    private final int attempt;
    private Optional<Owned> owned = Optional.empty();

    Adopted(String queue, Letter letter, int attempt) {
      this.queue = queue;
      this.letter = letter;
      this.attempt = attempt;
    }

    private synchronized Owned adopt() {
      if (owned.isEmpty()) {
        used = true;
        owned =
            Optional.of(
                new Owned(
                    letter.id(), ledger.jobs().adopt(letter.id(), letter.type(), queue, attempt)));
      }
      return owned.get();
    }

    private synchronized Optional<Owned> owned() {
      return owned;
    }

    @Override
    public void progress(JobStatus.Progress progress) {}

    @Override
    public void checkpoint(String position) {
      adopt().checkpoint(position);
    }

    @Override
    public Optional<String> checkpoint() {
      Optional<String> found = ledger.checkpoints().position(letter.id());
      if (found.isPresent()) {
        Owned _ = adopt(); // from now on an older attempt writes no more
      }
      return found;
    }

    @Override
    public void check() {
      owned().ifPresent(Owned::check);
    }

    @Override
    public void done(Optional<String> result) {
      owned().ifPresent(row -> row.done(Optional.empty()));
    }

    @Override
    public void again(String failure) {
      owned().ifPresent(row -> row.again(failure));
    }

    @Override
    public void dead(String failure) {
      owned().ifPresent(row -> row.dead(failure));
    }

    @Override
    public void givenBack() {
      owned().ifPresent(Owned::givenBack);
    }

    @Override
    public void cancelled() {
      owned().ifPresent(Owned::cancelled);
    }
  }
}
