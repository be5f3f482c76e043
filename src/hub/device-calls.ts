import * as z from 'zod/mini';
import { actorOf, answer, type Call, JSON_TYPE, readBodyAs } from './call.ts';
import { done } from './http-reply.ts';
import type { Ward } from './ward.ts';
import { ConfirmDeviceCall, DeviceView } from './wire/index.ts';

const DevicesReply = z.strictObject({ devices: z.array(DeviceView) });

export function deviceCalls(ward: Ward): readonly Call[] {
  return [
    {
      method: 'GET',
      path: '/api/devices',
      who: 'any',
      summary: 'All devices, the same views as on the socket.',
      reply: DevicesReply,
      handle: () => done({ devices: ward.devices() }),
    },
    {
      method: 'POST',
      path: '/api/devices/{id}/confirm',
      who: ['nurse', 'biomed'],
      summary: 'The device that answers here belongs here: its values are taken from now on.',
      accepts: [JSON_TYPE],
      body: ConfirmDeviceCall,
      handle: async (request) => {
        const call = readBodyAs(request, ConfirmDeviceCall);
        if (!call.ok) return call.reply;
        const by = actorOf(request, call.value);
        if (!by.ok) return by.reply;
        return answer(
          await ward.confirmDevice(by.value, request.params['id'] ?? '', call.value.serial),
          (value) => value,
        );
      },
    },
  ];
}
