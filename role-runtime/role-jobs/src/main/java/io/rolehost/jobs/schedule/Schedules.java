package io.rolehost.jobs.schedule;

import com.github.kagkarlsson.scheduler.exceptions.DbSchedulerException;
import com.github.kagkarlsson.shaded.jdbc.SQLRuntimeException;
import io.rolehost.api.StopToken;
import io.rolehost.jobs.JobId;
import io.rolehost.jobs.JobsUnavailableException;
import io.rolehost.jobs.ScheduleTrigger;
import io.rolehost.jobs.Tick;
import io.rolehost.jobs.ledger.Ledger;
import io.rolehost.jobs.ledger.ScheduleRows;
import io.rolehost.jobs.ledger.Ticks;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The schedules of one role. A tick that is due becomes a message to the schedule's queue, once on
 * however many machines; the run is the queue's business. Nothing is opened before {@link #run}.
 */
public final class Schedules {

  private static final Logger LOG = System.getLogger(Schedules.class.getName());

  private static final Duration LOST_LEDGER_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_SLEEP = Duration.ofSeconds(60);

  /** Alarms that ring together wake the timer once. */
  private static final Duration TOGETHER = Duration.ofMillis(20);

  private static final int NEXT_TOLD = 5;
  private static final int LAST_TOLD = 20;

  private final String role;
  private final Ledger ledger;
  private final TickSender sender;
  private final BooleanSupplier frozen;
  private final InstantSource clock;
  private final Consumer<Ticks.Entry> decided;
  private final Map<String, Declared> declared = new ConcurrentHashMap<>();
  private final Map<String, Ticking.Enrolled> enrolled = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Declared> pending = new ConcurrentLinkedQueue<>();
  private final Semaphore bell = new Semaphore(0);
  private final Alarm alarm = new Alarm();

  /**
   * Creates the schedules of a role, none yet.
   *
   * @param role whose processes share these schedules
   * @param frozen whether ticks are to be recorded as frozen and not sent
   * @param clock of this machine; that of a shared ledger takes its place
   */
  public Schedules(
      String role, Ledger ledger, TickSender sender, BooleanSupplier frozen, InstantSource clock) {
    this(role, ledger, sender, frozen, clock, entry -> {});
  }

  /**
   * Creates the schedules of a role, none yet.
   *
   * @param role whose processes share these schedules
   * @param frozen whether ticks are to be recorded as frozen and not sent
   * @param decided is told of each planned tick that this process has decided about
   */
  public Schedules(
      String role,
      Ledger ledger,
      TickSender sender,
      BooleanSupplier frozen,
      InstantSource clock,
      Consumer<Ticks.Entry> decided) {
    this.decided = decided;
    this.role = role;
    this.ledger = ledger;
    this.sender = sender;
    this.frozen = frozen;
    this.clock = ledger.shared() ? ledger.clock() : clock;
  }

  /**
   * Declares a schedule; it ticks from when {@link #run} has written it to the ledger.
   *
   * @return its name, which tells the queue that its ticks are sent to
   * @throws IllegalArgumentException if its expression can't be read or never comes, or this role
   *     declares another of that name
   */
  public ScheduleName declare(ScheduleTrigger trigger) {
    Declared added = new Declared(ScheduleName.of(trigger), trigger);
    Timetable checked = added.table(clock.instant());
    if (declared.putIfAbsent(added.name().text(), added) != null) {
      throw new IllegalArgumentException(
          "This role declares two schedules named \""
              + added.name().text()
              + "\": give one of them a name, ScheduleTrigger.named(…)");
    }
    LOG.log(
        Level.DEBUG, () -> added.described() + " comes next at " + checked.first(clock.instant()));
    pending.add(added);
    bell.release();
    return added.name();
  }

  /**
   * Ticks until the stop, in the calling thread and some of its own. The ledger may be lost and
   * come back meanwhile. To be called by one thread.
   */
  public void run(StopToken stop) throws InterruptedException {
    stop.onStop(bell::release);
    Optional<Timer> timer = Optional.empty();
    try {
      while (!stop.isStopRequested()) {
        if (!pending.isEmpty()) {
          timer = enrol(timer);
          if (!pending.isEmpty()) {
            bell.tryAcquire(LOST_LEDGER_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            continue;
          }
        }
        if (alarm.rings(clock.instant())) {
          timer.ifPresent(Timer::wake);
          Thread.sleep(TOGETHER);
        }
        long wait =
            alarm
                .next()
                .map(next -> Duration.between(clock.instant(), next).toMillis() + 1)
                .orElse(Long.MAX_VALUE);
        if (bell.tryAcquire(Math.clamp(wait, 0, LONGEST_SLEEP.toMillis()), TimeUnit.MILLISECONDS)) {
          bell.drainPermits();
        }
      }
    } finally {
      timer.ifPresent(Timer::stop);
    }
  }

  private Optional<Timer> enrol(Optional<Timer> before) {
    List<Declared> batch = new ArrayList<>();
    for (Declared next = pending.poll(); next != null; next = pending.poll()) {
      batch.add(next);
    }
    Optional<Timer> timer = before;
    try {
      List<ScheduleRows.Row> rows =
          ledger.schedules().declare(batch.stream().map(each -> each.declaration(role)).toList());
      Map<String, Timer.Next> wanted = new LinkedHashMap<>();
      for (int i = 0; i < batch.size(); i++) {
        Declared each = batch.get(i);
        Timetable table = each.table(rows.get(i).since());
        String hash = each.hash();
        Instant first = table.first(rows.get(i).since()).orElse(Ticking.NEVER);
        wanted.put(
            each.name().text(), new Timer.Next(first, new TimerData(hash, first.toEpochMilli())));
        if (enrolled.put(each.name().text(), new Ticking.Enrolled(each, hash, table)) == null) {
          alarm.add(table, clock.instant());
        }
      }
      if (timer.isEmpty()) {
        timer = Optional.of(begin());
      }
      List<String> busy = timer.get().enrol(wanted);
      batch.stream().filter(each -> busy.contains(each.name().text())).forEach(pending::add);
      timer.get().wake();
    } catch (JobsUnavailableException | SQLRuntimeException | DbSchedulerException e) {
      LOG.log(
          Level.WARNING,
          "Schedules can't be written to the ledger and do not tick until they are; trying on: "
              + e.getMessage());
      pending.addAll(batch);
    }
    return timer;
  }

  private Timer begin() {
    Ticking ticking = new Ticking(ledger, sender, frozen, clock, enrolled, decided);
    Timer timer = new Timer(ledger, role, clock, ticking);
    timer.start();
    LOG.log(
        Level.INFO,
        "Schedules tick, looked for every "
            + (ledger.shared() ? Timer.POLL_SERVER : Timer.POLL_FILE).toMillis()
            + " ms and at each tick; a tick whose sender was killed is taken over within "
            + Timer.TAKE_OVER.toSeconds()
            + " s.");
    return timer;
  }

  /**
   * Sends a tick of now, beside those planned, whether or not the schedule is paused.
   *
   * @return the id of its job
   * @throws IllegalArgumentException if this role has no such schedule
   */
  public JobId runNow(String name) {
    Declared asked = declared(name);
    Instant now = Instant.ofEpochMilli(clock.millis());
    JobId id = asked.name().job(now);
    sender.send(id, asked.name().queue(), new Tick(name, now, 0), asked.exclusive());
    ledger
        .ticks()
        .record(
            List.of(
                new Ticks.Entry(
                    name, now, Ticks.Outcome.SENT, Optional.of(id), now, Optional.empty())),
            Ticking.KEPT);
    return id;
  }

  /** Has a schedule tick no more, on all machines; its ticks are recorded as paused. */
  public void pause(String name, String by, String reason) {
    ledger.schedules().pause(declared(name).name().text(), by, reason);
  }

  /** Ends a pause; what was not sent meanwhile is not made up for. False if there was none. */
  public boolean resume(String name) {
    return ledger.schedules().resume(declared(name).name().text());
  }

  /** Returns the names of the schedules of this role, in order; asks nobody. */
  public List<String> names() {
    return declared.keySet().stream().sorted().toList();
  }

  /**
   * Returns one schedule of this role.
   *
   * @throws IllegalArgumentException if this role has no such schedule
   */
  public ScheduleView view(String name) {
    return view(declared(name), ledger.schedules().find(name));
  }

  /** Returns when each schedule of this role comes next, by name: one query for all. */
  public List<Upcoming> upcoming() {
    Instant now = clock.instant();
    Map<String, ScheduleRows.Row> rows = rows();
    return declared.values().stream()
        .sorted(Comparator.comparing(each -> each.name().text()))
        .map(each -> {
          Optional<ScheduleRows.Row> row = Optional.ofNullable(rows.get(each.name().text()));
          Timetable table = each.table(row.map(ScheduleRows.Row::since).orElse(now));
          return new Upcoming(
              each.name().text(), table.next(now), row.flatMap(ScheduleRows.Row::paused));
        })
        .toList();
  }

  private Map<String, ScheduleRows.Row> rows() {
    Map<String, ScheduleRows.Row> rows = new LinkedHashMap<>();
    ledger.schedules().list().forEach(row -> rows.put(row.name(), row));
    return rows;
  }

  /** Returns the schedules of this role, by name. */
  public List<ScheduleView> views() {
    return views(names());
  }

  /** Returns those of some names, in their order; unknown ones are left out. */
  public List<ScheduleView> views(List<String> names) {
    Map<String, ScheduleRows.Row> rows = rows();
    return names.stream()
        .map(declared::get)
        .filter(Objects::nonNull)
        .map(each -> view(each, Optional.ofNullable(rows.get(each.name().text()))))
        .toList();
  }

  private ScheduleView view(Declared each, Optional<ScheduleRows.Row> row) {
    Instant now = clock.instant();
    Timetable table = each.table(row.map(ScheduleRows.Row::since).orElse(now));
    return new ScheduleView(
        each.name().text(),
        each.name().queue(),
        each.described(),
        each.trigger(),
        row.flatMap(ScheduleRows.Row::paused),
        table.next(now, NEXT_TOLD),
        ledger.ticks().list(each.name().text(), LAST_TOLD));
  }

  private Declared declared(String name) {
    Declared found = declared.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "This role has no schedule \"" + name + "\"; it has " + declared.keySet());
    }
    return found;
  }
}
