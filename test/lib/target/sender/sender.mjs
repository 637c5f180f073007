export const createSender = () => ({ send: async () => ({ outcome: 'delivered', status: null }) });
