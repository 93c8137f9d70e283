/* The protocol of the interpreter lock, runtime/threads/lock.c, for spin: all that THREADS threads can do with it, in
   every order, for as long as they like. tests/models/check_lock says in which configurations, and what has to be
   found in each mutation.

   What C does under the mutex is one atomic step here, as nobody sees the middle of it: from where it is locked, or
   from where pthread_cond_wait comes back, up to pthread_mutex_unlock or the next pthread_cond_wait. To read the word
   that asks, and to clear it, are steps of their own.

     C                        here
     LockSeat.turn            sleep[]: a signal reaches who is ASLEEP, and is lost on everybody else; who is SIGNALLED
                              has yet to get the mutex. With SPURIOUS, who is ASLEEP may wake without one.
     system_now               `expired`: the holder has had the lock for an interval. That may be so at once, and is
                              when a sleep with an end is over. A deadline comes at any time.
     Lock.interval, overtime  `endless`: it never ends. So it begins; it becomes shorter once.
     line_up … ask,           inlines of the same names
     lock_take … lock_park
     wait_in_line             look, which is what its loop does between two sleeps
     sleep_until              sleep_until_it_runs, which also has the loop of sleep_parked
     threads_start            start, with lock_sit_down and lock_stay_away
     lock_get_up              end_life; what is asked before, begin_end: lock_leaves_only_parked
     vm_poll                  poll
     threads.c                Guest: a thread that does what a thread can do, in any order, but polls in between

   With PLAN the lock follows a plan that may choose anything: whether a poll is a switch, and who in line comes next.
   Virtual time is any time: whoever sleeps until a deadline may find that it has come, and somebody does where
   nobody else could run (wake_sleepers). Nobody can promise then that each thread gets the lock.

   Not here: `switches` and `before`, which only count, how long turns last, the order of deadlines, and processes that
   are forked.

   What must hold at one moment stands in assert(), what must come in the formula at the end. That nobody sleeps for
   ever is spin's own check of end states: every thread that was started has to come to its end. */

#ifndef THREADS
#define THREADS 2
#endif
#ifndef MUTATION
#define MUTATION 0
#endif

#define NOBODY THREADS
#define BIT(thread) (1 << (thread))
#define EVERYBODY (BIT(THREADS) - 1)

#define AWAKE 0
#define ASLEEP 1
#define SIGNALLED 2

/* ---- Lock and LockSeat ------------------------------------------------------------------------ */

byte holder = NOBODY;
byte line[THREADS] = NOBODY;
byte waiting; /* how many are in line */
bool asked, expired;
bool endless = true;
byte seats, parked;

bool request[THREADS], is_parked[THREADS], counts[THREADS];
byte sleep[THREADS];
bool timed[THREADS]; /* its sleep has an end */
#ifdef PLAN
byte sleepers;       /* likewise by the plan's clock: a set, with a bit a thread */
#endif

/* ---- What the properties speak of, and the lock knows nothing of; sets have a bit a thread ------ */

byte inside = NOBODY; /* who runs */
byte begun, alive;
byte stuck;          /* parked for ever, and not woken */
byte wanting;        /* want the lock, and don't run yet */
byte lined;          /* in line */
byte ahead[THREADS]; /* who was in line when this one came, and hasn't had the lock since */

inline enter() {
    assert(inside == NOBODY); /* one at a time */
    inside = me;
    wanting = wanting & ~BIT(me)
}

inline leave() {
    assert(inside == me && holder == me); /* it is kept until it is let go */
    inside = NOBODY
}

inline somebody_can_run() {
    assert(alive == 0 || stuck != alive) /* no deadlock is missed */
}

/* ---- The line, under the mutex ----------------------------------------------------------------- */

inline signal(thread) {
    if
    :: sleep[thread] == ASLEEP -> sleep[thread] = SIGNALLED
    :: else
    fi
}

inline line_up(thread) {
    assert(!(lined & BIT(thread))); /* nobody stands in line twice */
    wanting = wanting | BIT(thread);
    ahead[thread] = lined;
    lined = lined | BIT(thread);
#if MUTATION == 1 /* who comes last is first */
    for (each : 1 .. waiting) {
        line[waiting + 1 - each] = line[waiting - each]
    }
    each = 0;
    line[0] = thread;
#else
    line[waiting] = thread;
#endif
    waiting++
}

inline forget(thread) {
    for (each : 0 .. THREADS - 1) {
        ahead[each] = ahead[each] & ~BIT(thread)
    }
    each = 0;
    ahead[thread] = 0
}

inline give_to(thread) {
#ifndef PLAN
    assert(ahead[thread] == 0); /* nobody who has waited longer is passed over */
#endif
    lined = lined & ~BIT(thread);
    forget(thread);
    wanting = wanting | BIT(thread);
    holder = thread;
#if MUTATION != 2 /* what was asked of the last holder seems to be asked of the next */
    asked = false;
#endif
    expired = false
}

inline leave_line(thread) {
    place = 0;
    do
    :: place < waiting && line[place] != thread -> place++
    :: else -> break
    od;
    if
    :: place < waiting ->
        for (each : place + 1 .. waiting - 1) {
            line[each - 1] = line[each]
        }
        waiting--;
        line[waiting] = NOBODY
    :: else
    fi;
    place = 0;
    each = 0
}

/* Of those whose time may have come. Somebody's has if else nobody could go on. */
#ifdef PLAN
inline wake_sleepers(can_go_on) {
    do
    :: place < THREADS && (sleepers & BIT(place)) ->
        sleepers = sleepers & ~BIT(place);
        is_parked[place] = false;
        line_up(place);
        place++
    :: place < THREADS && (!(sleepers & BIT(place)) || can_go_on || waiting > 0 || (sleepers >> (place + 1))) ->
        place++
    :: place == THREADS -> break
    od;
    place = 0
}
#endif

inline choose(can_go_on) {
#ifdef PLAN
    wake_sleepers(can_go_on);
    if
    :: waiting == 0 || can_go_on -> next = NOBODY
    :: waiting > 0 -> next = line[0]
    :: waiting > 1 -> next = line[1]
#if THREADS > 2
    :: waiting > 2 -> next = line[2]
#endif
    fi
#else
    next = line[0]
#endif
}

inline hand_to_next() {
    holder = NOBODY;
    if
    :: next != NOBODY ->
        leave_line(next);
        give_to(next);
#if MUTATION != 3 /* who gets the lock isn't told */
        signal(next);
#endif
#if MUTATION != 4 && !defined PLAN /* who is first now isn't told */
        signal_first();
#endif
        next = NOBODY
    :: else
    fi
}

inline signal_first() {
    if
    :: waiting > 0 -> signal(line[0])
    :: else
    fi
}

inline ask() {
    asked = true;
#if MUTATION != 5 /* the holder isn't told */
    request[holder] = true
#endif
}

/* Up to where the loop ends, or sleeps. Only the head of the line looks at the clock. */
#ifdef PLAN
#define asks false
#else
#define asks (line[0] == me && holder != NOBODY && !asked && !endless)
#endif

inline look() {
    sleep[me] = AWAKE;
    timed[me] = false;
    if
    :: holder == me -> enter()
#if MUTATION == 6 /* whoever wakes takes it for its turn */
    :: holder != me && has_slept -> holder = me; enter()
#endif
    :: else ->
        if
        :: asks ->
            if
            :: expired = true
            :: true
            fi;
            if
            :: expired -> ask()
            :: else -> timed[me] = true
            fi
        :: else
        fi;
#if MUTATION != 7 /* the mutex is let go a moment before the sleep begins */
        sleep[me] = ASLEEP
#endif
    fi
}

/* ---- Sleeping ---------------------------------------------------------------------------------- */

inline take_or_line_up() {
    if
    :: holder == NOBODY ->
        assert(waiting == 0); /* no free lock has a line */
        give_to(me)
    :: else -> line_up(me)
    fi
}

inline time_is_up() {
#if MUTATION != 8 /* whoever wakes it now puts it in line twice */
    is_parked[me] = false;
#endif
#if MUTATION == 9 /* it lines up for a lock that nobody will hand over */
    line_up(me)
#else
    take_or_line_up()
#endif
}

/* Where the lock is taken or passed, and where the thread has parked: until it runs. */
inline sleep_until_it_runs() {
    do
    :: inside == me -> break
    :: atomic { /* pthread_cond_wait comes back */
            if
            :: sleep[me] == SIGNALLED
            :: sleep[me] == ASLEEP && timed[me] -> is_late = true
#ifdef SPURIOUS
            :: sleep[me] == ASLEEP
#endif
            fi;
            has_slept = true;
            if
            :: is_parked[me] && !is_late -> sleep[me] = ASLEEP
            :: else ->
                if
                :: is_parked[me] -> time_is_up()
                :: else -> expired = expired || is_late
                fi;
                look()
            fi;
            has_slept = false;
            is_late = false
        }
#if MUTATION == 7
    :: inside != me && sleep[me] == AWAKE -> sleep[me] = ASLEEP
#endif
    od
}

/* ---- Taking, handing over ---------------------------------------------------------------------- */

inline lock_take() {
#if MUTATION == 10 /* it doesn't look whether somebody has it */
    atomic { give_to(me) }
#else
    atomic { take_or_line_up() }
#endif
    lock_await_turn()
}

inline lock_await_turn() {
    atomic { look() }
}

inline lock_let_go() {
    atomic { leave(); choose(false); hand_to_next() }
}

/* With a plan it doesn't matter whether it was asked. */
inline pass(anyhow) {
    atomic {
#ifdef PLAN
        choose(true);
#else
        if
        :: anyhow || asked -> next = line[0]
        :: else
        fi;
#endif
        if
        :: next != NOBODY ->
            leave();
#if MUTATION == 11 /* it gets back what it was asked for */
            asked = false;
            next = NOBODY;
            look()
#else
            line_up(me);
            hand_to_next();
            assert(holder != me); /* who is asked lets another have it */
            look()
#endif
        :: else
        fi
    }
}

/* The word is cleared first: who asks after this is heard at the next poll. */
inline poll() {
#if MUTATION == 12 /* it is cleared last */
    pass(false);
    sleep_until_it_runs();
    request[me] = false
#else
    request[me] = false;
    pass(false)
#endif
}

/* ---- Parking, waking --------------------------------------------------------------------------- */

/* Who is told of a deadlock wakes all, and goes on. */
inline tell_deadlock() {
    assert((stuck | BIT(me)) == alive); /* no deadlock is made up */
    waking = EVERYBODY
}

inline lock_park(for_ever) {
    atomic {
        if
#if MUTATION != 13 /* it doesn't look whether it is the last */
        :: for_ever && parked + 1 == seats -> tell_deadlock()
#endif
        :: else ->
            is_parked[me] = true;
#if MUTATION == 14 /* who has a deadline counts as one that has to be woken */
            counts[me] = true;
#else
            counts[me] = for_ever;
#endif
            parked = parked + counts[me];
            if
            :: for_ever -> stuck = stuck | BIT(me)
            :: else
            fi;
            somebody_can_run();
            leave();
#ifdef PLAN
            if
            :: !for_ever -> sleepers = sleepers | BIT(me)
            :: else
            fi;
#endif
            choose(false);
            hand_to_next();
#ifdef PLAN
            if
            :: is_parked[me] -> sleep[me] = ASLEEP
            :: else -> look()
            fi
#else
            sleep[me] = ASLEEP;
            timed[me] = !for_ever
#endif
        fi
    }
}

inline lock_wake(thread) {
    atomic {
        if
        :: is_parked[thread] ->
            is_parked[thread] = false;
            stuck = stuck & ~BIT(thread);
#if MUTATION != 15 /* it still counts as one that has to be woken */
            parked = parked - counts[thread];
#endif
#ifdef PLAN
            sleepers = sleepers & ~BIT(thread);
#endif
            line_up(thread);
#if MUTATION != 16 /* it isn't told */
            signal(thread)
#endif
        :: else
        fi
    }
}

inline lock_set_interval() {
    atomic {
        endless = false;
        expired = false;
#if MUTATION != 17 /* who looks at the clock isn't told */
        signal_first()
#endif
    }
}

/* ---- Threads ----------------------------------------------------------------------------------- */

/* Who starts a thread makes its seat, and puts it in line. It may turn out that it can't be started. */
inline start(thread) {
    atomic {
        begun = begun | BIT(thread);
        alive = alive | BIT(thread);
        seats++
    }
    atomic { line_up(thread) }
    if
    :: run Guest(thread)
    :: atomic {
            alive = alive & ~BIT(thread);
            wanting = wanting & ~BIT(thread);
            lined = lined & ~BIT(thread);
            forget(thread);
            seats--;
            leave_line(thread);
#if MUTATION != 20 /* who is first now isn't told */
            signal_first()
#endif
        }
    fi
}

/* The last one that could have woken the others says so before it goes. */
inline begin_end() {
    atomic {
        ends = true;
#if MUTATION != 18 /* it doesn't */
        if
        :: seats > 1 && parked + 1 == seats -> tell_deadlock()
        :: else
        fi
#endif
    }
}

inline end_life() {
    atomic {
        alive = alive & ~BIT(me);
        somebody_can_run();
#if MUTATION != 19 /* its seat stays */
        seats--;
#endif
        leave();
        choose(false);
        hand_to_next()
    }
}

inline wake_those() {
    do
    :: waking & BIT(other) -> lock_wake(other); waking = waking & ~BIT(other)
    :: !(waking & BIT(other)) && other < THREADS -> other++
    :: other == THREADS -> other = 0; break
    od
}

proctype Guest(byte me) {
    byte each, place, next = NOBODY; /* who comes next */
    byte waking, other;              /* whom it will wake */
    bool has_slept, is_late, ends;
    if
    :: me == 0 -> lock_take()
    :: else -> lock_await_turn()
    fi;
    do
    :: true ->
        sleep_until_it_runs();
        if
        :: waking -> wake_those()
        :: else
        fi;
        if
        :: ends -> break
        :: !ends && request[me] -> poll()
        :: !ends && !request[me] ->
            if
            :: true -> pass(true) /* lock_yield; with a plan lock_poll, too */
#ifndef PLAN
            :: true -> lock_let_go(); lock_take()
            :: endless -> lock_set_interval()
#endif
            :: true -> lock_park(true)
            :: true -> lock_park(false)
            :: true -> waking = EVERYBODY
            :: true -> waking = BIT((me + 1) % THREADS)
            :: !(begun & BIT(1)) -> start(1)
#if THREADS > 2
            :: (begun & BIT(1)) && !(begun & BIT(2)) -> start(2)
#endif
#if THREADS > 3
            :: (begun & BIT(2)) && !(begun & BIT(3)) -> start(3)
#endif
            :: true -> begin_end()
            fi
        fi
    od;
    end_life()
}

init {
    atomic {
        begun = BIT(0);
        alive = BIT(0);
        seats = 1;
        run Guest(0)
    }
}

/* Who wants the lock gets it; the second thread stands for any. (One that can't be started wants it no longer, and an
   interval that never ends promises nothing.) */
ltl served { [] (((wanting & BIT(1)) && !endless) -> <> (inside == 1 || !(alive & BIT(1)))) }
