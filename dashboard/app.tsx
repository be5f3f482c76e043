/** Which screen stands under header and banner. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Announcement, Banner } from './parts/banner.tsx';
import { LiveAgain, NotLiveBar, SoundBar } from './parts/fault-bars.tsx';
import { Guard } from './parts/guard.tsx';
import { Header } from './parts/header.tsx';
import { Nav } from './parts/nav.tsx';
import { OpenDialog } from './parts/station-dialogs.tsx';
import { AlarmsScreen } from './screens/alarms.tsx';
import { BedScreen } from './screens/bed.tsx';
import { CheckScreen } from './screens/check.tsx';
import { CourseScreen } from './screens/course.tsx';
import { CoursesScreen } from './screens/courses.tsx';
import { DevicesScreen } from './screens/devices.tsx';
import { DraftScreen } from './screens/draft.tsx';
import { ForeignScreen } from './screens/foreign.tsx';
import { LoginScreen } from './screens/login.tsx';
import { NewOrderScreen } from './screens/new-order.tsx';
import { OrderScreen } from './screens/order.tsx';
import { OrdersScreen } from './screens/orders.tsx';
import { Overview } from './screens/overview.tsx';
import { ReportScreen } from './screens/report.tsx';
import { SessionScreen } from './screens/session.tsx';
import { type SortedAlarms, sortAlarms } from './state/alarm-order.ts';
import { moment, route, session, ward } from './state/store.ts';

export function App() {
  if (ward.value.isForeign) return <ForeignScreen />;
  if (session.value === 'none') return <LoginScreen />;
  const alarms = sortAlarms(ward.value.alarms.values());
  const isLost = moment.value.link.phase === 'lost';
  return (
    <div class={`screen ${isLost ? 'notlive' : ''}`}>
      <Header />
      <Signals>
        <SoundBar />
        {isLost ? <NotLiveBar /> : <Banner alarms={alarms} />}
      </Signals>
      <Announcement alarms={alarms} />
      <LiveAgain />
      <Screen alarms={alarms} />
      <Nav />
      <OpenDialog />
    </div>
  );
}

/** Banner and bars; dialogs stand below them, however many there are, and never over an alarm. */
function Signals({ children }: { children: ComponentChildren }) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = element;
    if (current === null) return undefined;
    const observer = new ResizeObserver(() =>
      document.documentElement.style.setProperty('--h-signals', `${current.offsetHeight}px`),
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return (
    <div class="signals" ref={element}>
      {children}
    </div>
  );
}

function Screen({ alarms }: { alarms: SortedAlarms }) {
  const at = route.value;
  switch (at.screen) {
    case 'overview':
      return (
        <Guard name="Overview">
          <Overview alarms={alarms} />
        </Guard>
      );
    case 'bed':
      return (
        <Guard name={`Bed ${at.bedId}`} key={at.bedId}>
          <BedScreen bedId={at.bedId} alarms={alarms} />
        </Guard>
      );
    case 'session':
      return (
        <Guard name={`Session ${at.bedId}`} key={`session ${at.bedId}`}>
          <SessionScreen bedId={at.bedId} alarms={alarms} />
        </Guard>
      );
    case 'courses':
      return (
        <Guard name="Courses">
          <CoursesScreen />
        </Guard>
      );
    case 'course':
      return (
        <Guard name="Course" key={`course ${at.courseId}`}>
          <CourseScreen courseId={at.courseId} />
        </Guard>
      );
    case 'report':
      return (
        <Guard name="Report" key={`report ${at.orderId}`}>
          <ReportScreen orderId={at.orderId} />
        </Guard>
      );
    case 'orders':
      return (
        <Guard name="Orders">
          <OrdersScreen />
        </Guard>
      );
    case 'new-order':
      return (
        <Guard name="New order">
          <NewOrderScreen />
        </Guard>
      );
    case 'draft':
      return (
        <Guard name="Draft" key={`draft ${at.draftId}`}>
          <DraftScreen draftId={at.draftId} />
        </Guard>
      );
    case 'order':
      return (
        <Guard name="Order" key={`order ${at.orderId}`}>
          <OrderScreen orderId={at.orderId} />
        </Guard>
      );
    case 'check':
      return (
        <Guard name="Second check" key={`check ${at.orderId}`}>
          <CheckScreen orderId={at.orderId} />
        </Guard>
      );
    case 'alarms':
      return (
        <Guard name="Alarms">
          <AlarmsScreen alarms={alarms} />
        </Guard>
      );
    case 'devices':
      return (
        <Guard name="Devices">
          <DevicesScreen />
        </Guard>
      );
  }
}
