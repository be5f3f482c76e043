/** Which screen stands under header and banner. */
import { Announcement, Banner } from './parts/banner.tsx';
import { LiveAgain, NotLiveBar, SoundBar } from './parts/fault-bars.tsx';
import { Guard } from './parts/guard.tsx';
import { Header } from './parts/header.tsx';
import { Nav } from './parts/nav.tsx';
import { OpenDialog } from './parts/station-dialogs.tsx';
import { AlarmsScreen } from './screens/alarms.tsx';
import { BedScreen } from './screens/bed.tsx';
import { CourseScreen } from './screens/course.tsx';
import { DevicesScreen } from './screens/devices.tsx';
import { ForeignScreen } from './screens/foreign.tsx';
import { LoginScreen } from './screens/login.tsx';
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
      <div class="signals">
        <SoundBar />
        {isLost ? <NotLiveBar /> : <Banner alarms={alarms} />}
      </div>
      <Announcement alarms={alarms} />
      <LiveAgain />
      <Screen alarms={alarms} />
      <Nav />
      <OpenDialog />
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
